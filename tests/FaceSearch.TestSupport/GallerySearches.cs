using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.TestSupport;

public static class GallerySearches
{
    /// <summary>Searches the gallery's current index, for tests that know its model.</summary>
    public static ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        this IFaceGallery gallery,
        long collectionId,
        IReadOnlyList<Embedding> probes,
        int k,
        float tolerance,
        FaceFilter? filter = null) =>
        gallery.Open(collectionId, StandInEncoders.ModelName).SearchAsync(probes, k, tolerance, filter);
}
