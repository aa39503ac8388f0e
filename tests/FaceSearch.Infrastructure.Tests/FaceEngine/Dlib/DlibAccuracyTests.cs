using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;

/// <summary>The accuracy of the dlib profiles on real pairs, compared with dlib's.</summary>
public sealed class DlibAccuracyTests
{
    private const double Tolerance = 0.6;

    [Test]
    public void Pairs_DenseNet_AsManyRightAsDlib()
    {
        var (atTolerance, best) = Measure(TestLandmarks(new DlibOptions()));

        Assert.That(atTolerance, Is.EqualTo(DlibGolden.PairsRightAtTolerance).Within(0.005));
        Assert.That(best, Is.EqualTo(DlibGolden.PairsRightAtBest).Within(0.005));
    }

    [Test]
    public void Pairs_YuNetInsteadOfMmod_Within3PerMille()
    {
        var (mmod, _) = Measure(TestLandmarks(new DlibOptions()));
        var (yunet, _) = Measure(TestLandmarks(new DlibOptions { Detector = "yunet" }));

        Assert.That(yunet, Is.GreaterThanOrEqualTo(mmod - 0.003));
    }

    // YuNet's boxes do not come in steps of a fifth, so landmarks are more stable than with dlib's own detector.
    [TestCaseSource(nameof(Detectors))]
    public void Pairs_PublishedResNet_AsManyRightAsDlib(string detector, double expected)
    {
        var (atTolerance, _) = Measure(DlibProfile.ResNets(new DlibOptions { Detector = detector })[0]);

        Assert.That(atTolerance, Is.GreaterThanOrEqualTo(expected - 0.005));
    }

    private static IEnumerable<TestCaseData> Detectors() =>
        SharedData.CasesOfFaces(["mmod", DlibGolden.ResNetPairsRightAtTolerance], ["yunet", 0.995]);

    private static EngineProfile TestLandmarks(DlibOptions options) =>
        DlibProfile.DenseNets(options).First(profile => profile.Model.EndsWith("-testlandmarks", StringComparison.Ordinal));

    private static (double AtTolerance, double Best) Measure(EngineProfile profile)
    {
        var rows = MobileEngine.Rows("pairs.csv").ToArray();
        var encoder = profile.Build(profile.Files.ToDictionary(file => file, SharedData.Model), new ImageDecoder(40_000_000));
        var embeddings = rows.SelectMany(row => row.Take(2)).Distinct().AsParallel()
            .ToDictionary(path => path, path => Encode(encoder, File.ReadAllBytes(SharedData.Face(path))));
        (double Distance, bool Same)[] pairs =
        [
            .. rows.Select(row => (Distance(embeddings[row[0]], embeddings[row[1]]), row[2] == "1")),
        ];

        var best = pairs.Max(pair => Right(pairs, pair.Distance));
        var result = (Right(pairs, Tolerance), best);
        TestContext.Out.WriteLine(
            $"{profile.Model}: {result.Item1:p2} of {pairs.Length} pairs right at {Tolerance}, {best:p2} at the best tolerance; "
            + $"no face in {embeddings.Count(entry => entry.Value is null)} of {embeddings.Count} pictures");
        return result;
    }

    private static Embedding? Encode(IFaceEncoder encoder, byte[] picture)
    {
        var faces = encoder.Detect(picture, CancellationToken.None).Value.Faces;
        return faces.Count == 0 ? null : encoder.Embed([faces[0].Chip])[0];
    }

    // A picture without a face has no match.
    private static double Distance(Embedding? a, Embedding? b) =>
        a is null || b is null ? double.PositiveInfinity : a.DistanceTo(b);

    private static double Right((double Distance, bool Same)[] pairs, double tolerance) =>
        pairs.Count(pair => pair.Distance <= tolerance == pair.Same) / (double)pairs.Length;
}
