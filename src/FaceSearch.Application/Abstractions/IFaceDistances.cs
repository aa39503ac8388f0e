using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Abstractions;

/// <summary>Distances, bit for bit as a search computes them. Thread-safe; CPU-bound, on the calling thread.</summary>
public interface IFaceDistances
{
    /// <summary>The squared Euclidean distances of one face to others.</summary>
    /// <param name="face"><see cref="Embedding.StandardLength"/> floats.</param>
    /// <param name="others">The same number of floats for each other face, concatenated.</param>
    /// <param name="squares">Receives one distance per face.</param>
    void Measure(ReadOnlySpan<float> face, ReadOnlySpan<float> others, Span<double> squares);
}
