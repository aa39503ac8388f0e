using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Scan;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Gallery;

/// <summary>Synchronous searches for tests.</summary>
internal static class SearchesNow
{
    private const string Model = "model-a";

    public static IReadOnlyList<IReadOnlyList<FaceMatch>> Search(
        this FlatIndex index, IReadOnlyList<Embedding> probes, int k, float tolerance, FacePredicate? filter = null) =>
        index.SearchAsync(probes, k, tolerance, filter).AsTask().GetAwaiter().GetResult();

    public static IReadOnlyList<IReadOnlyList<FaceMatch>> Search(
        this InMemoryFaceGallery gallery, long collectionId, IReadOnlyList<Embedding> probes, int k, float tolerance) =>
        gallery.OpenAsync(collectionId, Model, default).AsTask().GetAwaiter().GetResult()
            .SearchAsync(probes, k, tolerance, null, default).AsTask().GetAwaiter().GetResult();

    public static void Add(this InMemoryFaceGallery gallery, long collectionId, IReadOnlyList<GalleryFace> faces) =>
        gallery.Add(collectionId, Model, faces);
}
