using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.TestSupport;

public static class GallerySearches
{
    /// <summary>Searches what the gallery has now, for tests that know of which model it is.</summary>
    public static ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        this IFaceGallery gallery,
        long collectionId,
        IReadOnlyList<Embedding> probes,
        int k,
        float tolerance,
        FaceFilter? filter = null) =>
        gallery.Open(collectionId, StandInEncoders.ModelName).SearchAsync(probes, k, tolerance, filter);
}
