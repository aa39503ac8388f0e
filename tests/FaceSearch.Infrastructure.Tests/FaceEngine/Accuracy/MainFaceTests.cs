using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Accuracy;

/// <summary>The photographs in which another person's face is larger than that of the person they are of.</summary>
internal sealed class MainFaceTests
{
    [Test]
    public void Main_OfThePhotographsWithALargerBystander_IsThePerson()
    {
        var rows = MobileEngine.Rows("mainface.csv").ToList();

        Assert.That(rows, Has.Count.EqualTo(21));
        foreach (var row in rows)
        {
            var box = new BoundingBox(int.Parse(row[1]), int.Parse(row[2]), int.Parse(row[3]), int.Parse(row[4]));
            var picture = Detect(row[0]);
            Assert.That(picture.Main!.Box.OverlapWith(box), Is.GreaterThanOrEqualTo(0.4), row[0]);
            Assert.That(picture.Faces[0].Box.OverlapWith(box), Is.LessThan(0.4), $"{row[0]}: the largest face is another's");
        }
    }

    private static DetectedPicture Detect(string path) =>
        MobileEngine.Encoder.Detect(File.ReadAllBytes(SharedData.Face($"open/{path}")), CancellationToken.None).Value;
}
