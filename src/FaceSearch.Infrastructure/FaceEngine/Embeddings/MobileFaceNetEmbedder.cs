using System.Numerics.Tensors;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine.Embeddings;

/// <summary>
/// MobileFaceNet (Chen et al., "MobileFaceNets", CCBR 2018): a chip of 112x112 to 128 floats. Its operating point on
/// Labeled Faces in the Wild is 1.2 between vectors of length 1; embeddings here have length 0.5, so it is 0.6 and no
/// distance is above 1. Thread-safe.
/// </summary>
/// <remarks>The published graph takes one chip a run.</remarks>
internal sealed class MobileFaceNetEmbedder(InferenceSession session) : IFaceEmbedder, IDisposable
{
    public const int Length = 128;
    private const int Plane = ArcFaceAligner.ChipSize * ArcFaceAligner.ChipSize;
    private const float EmbeddingNorm = 0.5f;

    private static readonly long[] InputShape = [1, 3, ArcFaceAligner.ChipSize, ArcFaceAligner.ChipSize];

    // Exports of the same weights differ in the names.
    private readonly string[] inputs = [session.InputNames[0]];
    private readonly string[] outputs = [session.OutputNames[0]];

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
            embeddings[i] = Normalise(results[0].GetTensorDataAsSpan<float>());
        }

        return embeddings;
    }

    public void Dispose() => session.Dispose();

    private static void Fill(Span<float> input, FaceChip chip)
    {
        if (chip.Size != ArcFaceAligner.ChipSize)
            throw new ArgumentException("The chip was cut for another embedder.", nameof(chip));

        var red = input[..Plane];
        var green = input.Slice(Plane, Plane);
        var blue = input.Slice(2 * Plane, Plane);
        var pixels = chip.Rgb.AsSpan();
        for (int i = 0, source = 0; i < red.Length; i++, source += 3)
        {
            red[i] = (pixels[source] - 127.5f) / 127.5f;
            green[i] = (pixels[source + 1] - 127.5f) / 127.5f;
            blue[i] = (pixels[source + 2] - 127.5f) / 127.5f;
        }
    }

    private static Embedding Normalise(ReadOnlySpan<float> output)
    {
        Span<float> values = stackalloc float[Length];
        TensorPrimitives.Multiply(output, EmbeddingNorm / TensorPrimitives.Norm(output), values);
        return new Embedding(values);
    }
}
