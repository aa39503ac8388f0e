using System.Collections.Concurrent;
using System.Diagnostics;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Telemetry;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>One <see cref="FlatIndex"/> per collection. Thread-safe.</summary>
internal sealed class InMemoryFaceGallery : IFaceGallery
{
    private const int LoadBatchSize = 1 << 13;

    private readonly ConcurrentDictionary<long, FlatIndex> collections = new();
    private readonly FaceSearchMetrics? metrics;
    private volatile bool isReady;

    public InMemoryFaceGallery(FaceSearchMetrics? metrics = null)
    {
        this.metrics = metrics;
        metrics?.ObserveIndexSize(() => collections.Values.Sum(index => (long)index.Count));
    }

    public bool IsReady => isReady;

    /// <summary>Every face of the database has been added.</summary>
    public void MarkReady() => isReady = true;

    /// <summary>Adds faces as they come, a batch at a time.</summary>
    /// <param name="progress">Told how many have come so far.</param>
    public async Task LoadAsync(
        long collectionId, IAsyncEnumerable<GalleryFace> faces, IProgress<long>? progress, CancellationToken cancellation)
    {
        var loaded = 0L;
        await foreach (var batch in faces.Chunk(LoadBatchSize).WithCancellation(cancellation))
        {
            Add(collectionId, batch);
            loaded += batch.Length;
            progress?.Report(loaded);
        }
    }

    public ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        long collectionId, IReadOnlyList<Embedding> probes, int k, float tolerance, FaceFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (!(tolerance >= 0))
            throw new ArgumentOutOfRangeException(nameof(tolerance), "The tolerance is a distance of at least 0.");

        if (collections.TryGetValue(collectionId, out var index))
            return metrics is null
                ? index.SearchAsync(probes, k, tolerance, filter)
                : MeasureAsync(metrics, index, probes, k, tolerance, filter);

        var empty = new IReadOnlyList<FaceMatch>[probes.Count];
        Array.Fill(empty, []);
        return new(empty);
    }

    public void Add(long collectionId, IReadOnlyList<GalleryFace> faces) => Index(collectionId).Add(faces);

    public void Replace(long collectionId, IReadOnlyList<GalleryFace> faces) => Index(collectionId).Replace(faces);

    public void Remove(long collectionId, IReadOnlyCollection<long> faceIds)
    {
        if (collections.TryGetValue(collectionId, out var index))
            index.Remove(faceIds);
    }

    /// <summary>A collection was taken out whole, by whomever; told on the thread that did it.</summary>
    public event Action<long>? CollectionRemoved;

    public IReadOnlyCollection<long> CollectionIds => [.. collections.Keys];

    public void RemoveCollection(long collectionId)
    {
        collections.TryRemove(collectionId, out _);
        CollectionRemoved?.Invoke(collectionId);
    }

    /// <summary>Puts a whole collection in the place of what is there.</summary>
    public void Put(long collectionId, FlatIndex index) => collections[collectionId] = index;

    /// <summary>Null if no face of the collection was ever added.</summary>
    public FlatIndex? Find(long collectionId) => collections.GetValueOrDefault(collectionId);

    private static async ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> MeasureAsync(
        FaceSearchMetrics metrics, FlatIndex index, IReadOnlyList<Embedding> probes, int k, float tolerance, FaceFilter? filter)
    {
        var started = Stopwatch.GetTimestamp();
        var matches = await index.SearchAsync(probes, k, tolerance, filter);
        metrics.RecordSearch(Stopwatch.GetElapsedTime(started));
        return matches;
    }

    private FlatIndex Index(long collectionId) => collections.GetOrAdd(collectionId, static _ => new FlatIndex());
}
