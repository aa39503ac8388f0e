using FaceSearch.Domain.Quality;
using FaceSearch.Domain.Recognisability;

namespace FaceSearch.Application.Abstractions;

/// <summary>Values that were measured for one model and that other models do not share. See docs/engine.md.</summary>
/// <param name="NearDuplicateDistance">
/// Euclidean distance up to which two faces count as almost the same: mostly the same photograph, in another size or
/// crop. <c>Enrolment:NearDuplicateDistance</c> overrides it.
/// </param>
/// <param name="Quality">The thresholds of the quality levels.</param>
/// <param name="EmbeddingNorm">
/// The Euclidean norm of every embedding of the model; null when the model does not normalise. Distances to an embedding of
/// another norm mean nothing: the zero vector is within the default tolerance of all embeddings of norm 0.5.
/// </param>
/// <param name="Unrecognisable">Where unrecognisable faces lie; null when it was not measured for the model.</param>
public sealed record FaceModelTraits(
    float NearDuplicateDistance,
    FaceQualityGate Quality,
    float? EmbeddingNorm = null,
    UnrecognisableFaces? Unrecognisable = null)
{
    /// <summary>Half-precision or decimal rounding of an embedding changes its norm less.</summary>
    private const float NormTolerance = 0.01f;

    /// <returns>The norm of a vector that is no embedding of the model; null when the norm is right.</returns>
    public float? FindWrongNorm(ReadOnlySpan<float> vector)
    {
        var squares = 0.0;
        foreach (var value in vector)
            squares += (double)value * value;

        var norm = (float)Math.Sqrt(squares);
        return EmbeddingNorm is { } right && !(Math.Abs(norm - right) <= right * NormTolerance) ? norm : null;
    }
}
