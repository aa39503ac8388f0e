using FaceSearch.Application.Abstractions;

namespace FaceSearch.Infrastructure.VectorIndex.Gallery;

/// <summary>
/// An index that is being filled beside the one that is searched. A face that is removed meanwhile is not added, even
/// when its row is read later. Thread-safe.
/// </summary>
internal sealed class LoadingIndex(string model, int generation)
{
    private readonly Lock changing = new();
    private readonly HashSet<long> removed = [];

    public GalleryIndex Index { get; } = new(model, generation, new FlatIndex());

    public void Add(IReadOnlyList<GalleryFace> faces)
    {
        lock (changing)
            Index.Faces.Add(removed.Count == 0 ? faces : [.. faces.Where(face => !removed.Contains(face.FaceId))]);
    }

    public void Remove(IReadOnlyCollection<long> faceIds)
    {
        lock (changing)
        {
            removed.UnionWith(faceIds);
            Index.Faces.Remove(faceIds);
        }
    }
}
