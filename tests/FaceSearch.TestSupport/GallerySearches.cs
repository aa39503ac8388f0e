using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.TestSupport;

public static class GallerySearches
{
    /// <summary>Searches the gallery's current index, for tests that know its model.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        this IFaceGallery gallery, long collectionId, IReadOnlyList<Embedding> probes, int k, float tolerance)
    {
        var index = await gallery.OpenAsync(collectionId, StandInEncoders.ModelName, CancellationToken.None);
        return await index.SearchAsync(probes, k, tolerance, null, CancellationToken.None);
    }
}
