using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.Tests.VectorIndex;

/// <summary>Embeddings spread evenly over directions, with the norm of a real one (0.5).</summary>
internal static class RandomFaces
{
    public static Embedding Embedding(Random random, int length = 128)
    {
        var values = new float[length];
        for (var i = 0; i < length; i++)
            values[i] = Gaussian(random);

        var norm = MathF.Sqrt(values.Sum(value => value * value));
        return new Embedding(Array.ConvertAll(values, value => value / norm / 2));
    }

    /// <summary>The same person again: the embedding moved by about <paramref name="distance"/>.</summary>
    public static Embedding Near(Random random, Embedding embedding, float distance)
    {
        var step = distance / MathF.Sqrt(embedding.Length);
        return new Embedding(embedding.Values.ToArray().Select(value => value + step * Gaussian(random)).ToArray());
    }

    public static List<GalleryFace> Faces(int count, int seed, int length = 128)
    {
        var random = new Random(seed);
        return Enumerable.Range(1, count).Select(id => new GalleryFace(id, Embedding(random, length))).ToList();
    }

    private static float Gaussian(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(MathF.Tau * random.NextSingle());
}
