using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Mfn;

/// <summary>
/// The embeddings of real photographs as they were when the model got its id: a change of the chip, the network, the
/// projection or the scale is another model.
/// </summary>
public sealed class MfnGoldenTests
{
    /// <summary>The kernels of other processors round some of the chip's pixels differently.</summary>
    private const double Tolerance = 0.002;

    private static readonly GoldenFile<Golden> Answers = new(
        "mfn.json",
        [
            "lfw/Abdel_Nasser_Assidi/Abdel_Nasser_Assidi_0001.jpg",
            "lfw/Luke_Walton/Luke_Walton_0002.jpg",
            "deepface/deepface_person_07/img21.jpg",
        ],
        paths => paths.Select(path => new Golden(path, MfnProfile.Profile.Model, Embed(path)[..8])));

    [TestCaseSource(nameof(Cases))]
    public void Embed_RealPhotograph_IsTheGoldenEmbedding(string path)
    {
        var golden = Answers.Of(path);

        var embedding = Embed(path);

        Assert.That(MfnProfile.Profile.Model, Is.EqualTo(golden.Model));
        Assert.That(embedding[..golden.Embedding.Length], Is.EqualTo(golden.Embedding).Within(Tolerance));
        Assert.That(Math.Sqrt(embedding.Sum(value => value * (double)value)), Is.EqualTo(0.5).Within(1e-5));
    }

    private static IEnumerable<TestCaseData> Cases() => Answers.Cases();

    private static float[] Embed(string path)
    {
        var encoder = MfnEngine.Instance.Encoder;
        var detected = encoder.Detect(File.ReadAllBytes(SharedData.Face(path)), CancellationToken.None).Value;
        return encoder.Embed([detected.Faces[0].Chip])[0].Values.ToArray();
    }

    private sealed record Golden(string Picture, string Model, float[] Embedding);
}
