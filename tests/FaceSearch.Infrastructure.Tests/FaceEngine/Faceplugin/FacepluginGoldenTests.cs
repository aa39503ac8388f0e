using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Faceplugin;

/// <summary>
/// The embeddings of model faceplugin-v1 for real photographs when it was introduced. A change of these values makes
/// another model, which needs another id.
/// </summary>
public sealed class FacepluginGoldenTests
{
    private static readonly GoldenFile<Golden> Answers = new(
        "faceplugin.json",
        [
            "lfw/Abdel_Nasser_Assidi/Abdel_Nasser_Assidi_0001.jpg",
            "lfw/Luke_Walton/Luke_Walton_0002.jpg",
            "deepface/deepface_person_07/img21.jpg",
        ],
        paths => paths.Select(Encode));

    [TestCaseSource(nameof(Cases))]
    public void Encode_RealPhotograph_AnswersAsBefore(string path)
    {
        var golden = Answers.Of(path);

        var answer = Encode(path);

        Assert.That(answer.Score, Is.EqualTo(golden.Score).Within(1e-4));
        Assert.That(Corners(answer.Box), Is.EqualTo(Corners(golden.Box)).Within(1));
        Assert.That(answer.Points, Is.EqualTo(golden.Points).Within(0.25));
        Assert.That(new Embedding(answer.Embedding).DistanceTo(new Embedding(golden.Embedding)), Is.LessThanOrEqualTo(0.01));
    }

    private static IEnumerable<TestCaseData> Cases() => Answers.Cases();

    private static Golden Encode(string path)
    {
        var encoded = FacepluginEngine.Instance.Encode(File.ReadAllBytes(SharedData.Face(path)));
        DetectedFace face = encoded.Picture.Faces[0];
        return new Golden(
            path,
            face.Box,
            face.Score,
            [.. face.Landmarks.Points.SelectMany(point => new[] { MathF.Round(point.X, 3), MathF.Round(point.Y, 3) })],
            [.. encoded.Largest!.Values.ToArray().Select(value => MathF.Round(value, 6))]);
    }

    private static int[] Corners(BoundingBox box) => [box.X, box.Y, box.X + box.Width, box.Y + box.Height];

    private sealed record Golden(string Picture, BoundingBox Box, float Score, float[] Points, float[] Embedding);
}
