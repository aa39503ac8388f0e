using System.Numerics.Tensors;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Embeddings;

/// <summary>
/// Scales vectors to length 0.5. Networks trained like ArcFace have their operating point near a distance of 1.2 between
/// vectors of length 1. Scaling makes that 0.6. No distance is above 1.
/// </summary>
internal static class HalfLength
{
    public const float Length = 0.5f;

    /// <exception cref="ArgumentException">The vector is empty or zero, or a value is not finite.</exception>
    public static Embedding Of(ReadOnlySpan<float> vector)
    {
        Span<float> values = stackalloc float[vector.Length];
        TensorPrimitives.Multiply(vector, Length / TensorPrimitives.Norm(vector), values);
        return new Embedding(values);
    }
}
