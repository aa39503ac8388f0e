using System.Buffers;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.FaceEngine.Embeddings;

/// <summary>
/// dlib's embedding networks, the ResNet and the DenseNet: 128 floats whose Euclidean distance has its operating point
/// at 0.6 by training. Not normalised: cosine similarity means nothing here. Thread-safe.
/// </summary>
/// <param name="input">The normalisation of the network's pixels.</param>
internal sealed class DlibEmbedder(InferenceSession session, NetworkInput input) : IFaceEmbedder
{
    public const int ChipSize = 150;

    /// <summary>Larger batches use more memory and are not faster.</summary>
    private const int MaxBatch = 16;

    private readonly float[][] prepared = [Prepare(input.Red), Prepare(input.Green), Prepare(input.Blue)];

    public IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips)
    {
        var embeddings = new List<Embedding>(chips.Count);
        for (var first = 0; first < chips.Count; first += MaxBatch)
            EmbedBatch(chips, first, Math.Min(MaxBatch, chips.Count - first), embeddings);

        return embeddings;
    }

    private void EmbedBatch(IReadOnlyList<FaceChip> chips, int first, int count, List<Embedding> embeddings)
    {
        var size = 3 * ChipSize * ChipSize;
        var values = ArrayPool<float>.Shared.Rent(count * size);
        try
        {
            for (var i = 0; i < count; i++)
                Fill(chips[first + i], values.AsSpan(i * size, size));

            using var tensor = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, values.AsMemory(0, count * size), [count, 3, ChipSize, ChipSize]);
            using var run = new RunOptions();
            using var outputs = session.Run(run, session.InputNames, [tensor], session.OutputNames);
            var floats = outputs[0].GetTensorDataAsSpan<float>();
            var length = floats.Length / count;
            for (var i = 0; i < count; i++)
                embeddings.Add(new Embedding(floats.Slice(i * length, length)));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(values);
        }
    }

    private void Fill(FaceChip chip, Span<float> values)
    {
        if (chip.Size != ChipSize)
            throw new ArgumentException($"dlib's networks take chips of {ChipSize} pixels.", nameof(chip));

        for (var channel = 0; channel < prepared.Length; channel++)
        {
            var plane = values.Slice(channel * ChipSize * ChipSize, ChipSize * ChipSize);
            for (int i = 0, from = channel; i < plane.Length; i++, from += 3)
                plane[i] = prepared[channel][chip.Rgb[from]];
        }
    }

    private static float[] Prepare(float mean)
    {
        var values = new float[256];
        NetworkInput.Prepare(mean, values);
        return values;
    }
}
