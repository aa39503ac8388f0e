using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>One <see cref="FlatIndex"/> per collection. Thread-safe.</summary>
internal sealed class InMemoryFaceGallery : IFaceGallery
{
    private readonly ConcurrentDictionary<long, FlatIndex> collections = new();
    private volatile bool isReady;

    public bool IsReady => isReady;

    /// <summary>Every face of the database has been added.</summary>
    public void MarkReady() => isReady = true;

    public IReadOnlyList<IReadOnlyList<FaceMatch>> Search(
        long collectionId, IReadOnlyList<Embedding> probes, int k, float tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (!(tolerance >= 0))
            throw new ArgumentOutOfRangeException(nameof(tolerance), "The tolerance is a distance of at least 0.");

        if (collections.TryGetValue(collectionId, out var index))
            return index.Search(probes, k, tolerance);

        var empty = new IReadOnlyList<FaceMatch>[probes.Count];
        Array.Fill(empty, []);
        return empty;
    }

    public void Add(long collectionId, IReadOnlyList<GalleryFace> faces) =>
        collections.GetOrAdd(collectionId, static _ => new FlatIndex()).Add(faces);

    public void Remove(long collectionId, IReadOnlyCollection<long> faceIds)
    {
        if (collections.TryGetValue(collectionId, out var index))
            index.Remove(faceIds);
    }
}
