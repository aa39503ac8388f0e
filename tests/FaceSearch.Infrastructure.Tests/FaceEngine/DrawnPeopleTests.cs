using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Quality;
using FaceSearch.TestSupport;
using SkiaSharp;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

/// <summary>The drawn people that other tests use, with every available profile.</summary>
[TestFixtureSource(typeof(TestEngine), nameof(TestEngine.Tested))]
public sealed class DrawnPeopleTests(string profile)
{
    private const int People = 50;

    private static readonly double[] Poses = [-0.6, 0.6];

    [Test]
    public void FiftyPeople_AreFoundAndToldApart()
    {
        var encoder = TestEngine.Open(profile);
        var pictures = DrawnPerson.Take(People)
            .SelectMany(person => Poses.Select(pose => (person.Name, Faces: Detect(encoder, person.Picture(pose)))))
            .ToList();
        Assert.That(pictures.Where(picture => picture.Faces.Count != 1).Select(picture => picture.Name), Is.Empty, "pictures without exactly one face");

        var faces = pictures.Select(picture => (picture.Name, Face: picture.Faces[0], Embedding: encoder.Embed([picture.Faces[0].Chip])[0])).ToList();
        var within = Distances(same: true);
        var between = Distances(same: false);
        var good = faces.Count(face => encoder.Traits.Quality.Judge(QualityLevel.Low, face.Face.Box.LongerSide, face.Face.Score, face.Face.Quality).Count == 0);
        var wrong = faces.Where(face => faces.Where(other => other != face).MinBy(other => other.Embedding.DistanceTo(face.Embedding)).Name != face.Name);
        TestContext.Out.WriteLine(
            $"{profile}: scores {faces.Min(face => face.Face.Score):f2} to {faces.Max(face => face.Face.Score):f2}; {good} of {faces.Count} pass low; "
            + $"within a person {within[0]:f3} to {within[^1]:f3}, between two {between[0]:f3} to {between[^1]:f3}");

        Assert.Multiple(() =>
        {
            Assert.That(wrong.Select(face => face.Name), Is.Empty, "the nearest neighbour is another person");
            Assert.That(between[0], Is.GreaterThan(encoder.Traits.NearDuplicateDistance), "strangers count as the same picture");
            Assert.That(good, Is.GreaterThanOrEqualTo(faces.Count * 0.85));
            Assert.That(faces.Select(face => encoder.Traits.FindWrongNorm(face.Embedding.Values)), Is.All.Null, "the model's norm");
        });

        List<double> Distances(bool same) =>
        [
            .. faces.SelectMany((a, i) => faces.Skip(i + 1).Where(b => a.Name == b.Name == same)
                .Select(b => (double)a.Embedding.DistanceTo(b.Embedding))).Order(),
        ];
    }

    [Test]
    public void GroupOfFour_EachIsNearestToItself()
    {
        var encoder = TestEngine.Open(profile);
        var people = DrawnPerson.Take(4);
        var group = Detect(encoder, DrawnPerson.Group(0.3, [.. people.Select(person => (person, 300))])).OrderBy(face => face.Box.X).ToList();
        Assert.That(group, Has.Count.EqualTo(4));

        var alone = people.Select(person => encoder.Embed([Detect(encoder, person.Picture(-0.3))[0].Chip])[0]).ToList();
        foreach (var (embedding, i) in encoder.Embed([.. group.Select(face => face.Chip)]).Select((embedding, i) => (embedding, i)))
            Assert.That(alone.MinBy(one => one.DistanceTo(embedding)), Is.SameAs(alone[i]), people[i].Name);
    }

    internal static IReadOnlyList<DetectedFace> Detect(IFaceEncoder encoder, byte[] picture) =>
        encoder.Detect(picture, CancellationToken.None).Value.Faces;
}

public sealed class DrawnPersonTests
{
    // The skipped cases name the profiles that the tests above leave out.
    [TestCaseSource(typeof(TestEngine), nameof(TestEngine.Profiles))]
    public void Profile_CanBeTested(string profile) => Assert.That(TestEngine.Open(profile), Is.Not.Null);

    [Test]
    public void Picture_DrawnTwice_IsTheSame()
    {
        var first = new DrawnPerson(7).Picture(0.2);
        Assert.That(new DrawnPerson(7).Picture(0.2), Is.EqualTo(first));
    }

    // The right edge cuts off a quarter of the face.
    [Test, Category("Fault-F5")]
    public void CutFace_BoxStaysInThePicture()
    {
        var encoder = TestEngine.OpenBest();
        foreach (var person in DrawnPerson.Take(10))
        {
            var whole = person.Picture();
            var box = DrawnPeopleTests.Detect(encoder, whole)[0].Box;
            var right = box.X + (box.Width * 3 / 4);
            var faces = DrawnPeopleTests.Detect(encoder, DrawnPicture.Cut(whole, new SKRectI(0, 0, right, box.Y + box.Height)));
            foreach (var face in faces.Select(face => face.Box))
            {
                Assert.That(Math.Min(face.X, face.Y), Is.GreaterThanOrEqualTo(0), person.Name);
                Assert.That(face.X + face.Width, Is.LessThanOrEqualTo(right), person.Name);
                Assert.That(face.Y + face.Height, Is.LessThanOrEqualTo(box.Y + box.Height), person.Name);
            }
        }
    }
}
