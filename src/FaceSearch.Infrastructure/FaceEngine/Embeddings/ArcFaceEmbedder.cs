using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine.Embeddings;

/// <summary>
/// Runs a network with one input of 1x3x112x112 (planes red, green, blue) and one output: a vector per chip. MobileFaceNet
/// (Chen et al., "MobileFaceNets", CCBR 2018) and its kin. Thread-safe.
/// </summary>
/// <param name="centre">A byte v enters the network as (v - centre) / range.</param>
/// <param name="toEmbedding">Makes the embedding of the network's output.</param>
/// <remarks>One chip per run: some of the published graphs take no more, and a batch is no faster on one thread.</remarks>
internal sealed class ArcFaceEmbedder(
    InferenceSession session, float centre, float range, Func<ReadOnlySpan<float>, Embedding> toEmbedding)
    : IFaceEmbedder, IDisposable
{
    private const int Plane = ArcFaceTemplate.ChipSize * ArcFaceTemplate.ChipSize;

    private static readonly long[] InputShape = [1, 3, ArcFaceTemplate.ChipSize, ArcFaceTemplate.ChipSize];

    // Exports of the same weights have different names.
    private readonly string[] inputs = [session.InputNames[0]];
    private readonly string[] outputs = [session.OutputNames[0]];

    private readonly float[] prepared = [.. Enumerable.Range(0, 256).Select(value => (value - centre) / range)];

    public IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips)
    {
        var embeddings = new Embedding[chips.Count];
        var input = new float[3 * Plane];
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, InputShape);
        using var run = new RunOptions();
        for (var i = 0; i < chips.Count; i++)
        {
            Fill(input, chips[i]);
            using var results = session.Run(run, inputs, [tensor], outputs);
            embeddings[i] = toEmbedding(results[0].GetTensorDataAsSpan<float>());
        }

        return embeddings;
    }

    public void Dispose() => session.Dispose();

    private void Fill(Span<float> input, FaceChip chip)
    {
        if (chip.Size != ArcFaceTemplate.ChipSize)
            throw new ArgumentException("The chip was cut for another embedder.", nameof(chip));

        var red = input[..Plane];
        var green = input.Slice(Plane, Plane);
        var blue = input.Slice(2 * Plane, Plane);
        var pixels = chip.Rgb.AsSpan();
        for (int i = 0, source = 0; i < red.Length; i++, source += 3)
        {
            red[i] = prepared[pixels[source]];
            green[i] = prepared[pixels[source + 1]];
            blue[i] = prepared[pixels[source + 2]];
        }
    }
}
