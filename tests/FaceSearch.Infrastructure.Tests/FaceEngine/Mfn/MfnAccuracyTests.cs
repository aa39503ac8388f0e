using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Mfn;

/// <summary>Profile mfn on the people of <c>lfw</c> and <c>deepface</c>, by the largest face of each picture.</summary>
public sealed class MfnAccuracyTests
{
    private const double Tolerance = 0.6;

    [Test]
    public void Verification_Pairs_AtLeast99PercentRight()
    {
        var rows = MobileEngine.Rows("pairs.csv").ToArray();
        var embeddings = Embed(rows.SelectMany(row => row.Take(2)));
        var pairs = rows.Select(row => (Distance: embeddings[row[0]].DistanceTo(embeddings[row[1]]), Same: row[2] == "1")).ToArray();

        var right = pairs.Count(pair => pair.Distance <= Tolerance == pair.Same);

        TestContext.Out.WriteLine($"{right} of {pairs.Length} pairs right at {Tolerance}");
        Assert.That(pairs, Has.Length.EqualTo(600));
        Assert.That(right / (double)pairs.Length, Is.GreaterThanOrEqualTo(0.99));
    }

    [Test]
    public void Identification_FirstPictureEnrolled_NearestIsRightIn99Percent()
    {
        var rows = MobileEngine.Rows("manifest.csv").Where(row => row[0].StartsWith("lfw/", StringComparison.Ordinal)).ToArray();
        var embeddings = Embed(rows.Select(row => row[0]));
        var people = rows.GroupBy(row => row[1], row => embeddings[row[0]]).ToDictionary(person => person.Key, person => person.ToArray());
        int searches = 0, right = 0;
        foreach (var (name, pictures) in people)
        {
            foreach (var probe in pictures.Skip(1))
            {
                searches++;
                right += people.MinBy(person => person.Value[0].DistanceTo(probe)).Key == name ? 1 : 0;
            }
        }

        TestContext.Out.WriteLine($"{right} of {searches} searches right, {people.Count} people enrolled");
        Assert.That(searches, Is.EqualTo(222));
        Assert.That(right / (double)searches, Is.GreaterThanOrEqualTo(0.99));
    }

    [TestCaseSource(nameof(CasesOfEmbeddingSamePhotographInAnotherForm))]
    public void Embedding_SamePhotographInAnotherForm_StaysNear(string file, double within)
    {
        var origin = MobileEngine.Rows("odd.csv").Single(row => row[0] == "odd/" + file)[^1]["derived from ".Length..];

        var distance = MfnEngine.Embed("odd/" + file).DistanceTo(MfnEngine.Embed(origin));

        TestContext.Out.WriteLine($"{file}: {distance:f3}");
        Assert.That(distance, Is.LessThanOrEqualTo(within));
    }

    private static Dictionary<string, Embedding> Embed(IEnumerable<string> paths) =>
        paths.Distinct().AsParallel().ToDictionary(path => path, MfnEngine.Embed);

    private static IEnumerable<TestCaseData> CasesOfEmbeddingSamePhotographInAnotherForm() => SharedData.CasesOfFaces(
        ["derived.png", 0.1], ["derived_lossy.webp", 0.1], ["derived_exif_6.jpg", 0.1], ["derived_grey.jpg", 0.3]);
}
