using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.VectorIndex.Gallery;

/// <summary>The faces of a collection by one of its models.</summary>
/// <param name="Generation">Of the collection whose rows these are; incremented when all embeddings are replaced.</param>
internal sealed record GalleryIndex(string Model, int Generation, FlatIndex Faces) : IFaceIndex
{
    public ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        IReadOnlyList<Embedding> probes, int k, float tolerance, FaceFilter? filter, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (!(tolerance >= 0))
            throw new ArgumentOutOfRangeException(nameof(tolerance), "The tolerance is a distance of at least 0.");

        return Faces.SearchAsync(probes, k, tolerance, filter is null ? null : filter.Admits);
    }
}
