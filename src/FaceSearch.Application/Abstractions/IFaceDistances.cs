using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Abstractions;

/// <summary>Distances just as a search measures them, to the last bit. Thread-safe; CPU-bound, on the calling thread.</summary>
public interface IFaceDistances
{
    /// <summary>The squared Euclidean distances of one face to others.</summary>
    /// <param name="face"><see cref="Embedding.StandardLength"/> floats.</param>
    /// <param name="others">As many floats for each of the others, one behind the other.</param>
    /// <param name="squares">Receives one a face.</param>
    void Measure(ReadOnlySpan<float> face, ReadOnlySpan<float> others, Span<double> squares);
}
