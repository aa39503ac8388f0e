using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Telemetry;

namespace FaceSearch.Infrastructure.VectorIndex.Gallery;

/// <summary>
/// One index per collection, and beside it another while the collection's next generation is loaded. Thread-safe.
/// </summary>
internal sealed class InMemoryFaceGallery : IFaceGallery
{
    private readonly ConcurrentDictionary<long, GalleryIndex> published = new();
    private readonly ConcurrentDictionary<long, LoadingIndex> loading = new();
    private TaskCompletionSource changed = NewSignal();
    private volatile bool isReady;

    public InMemoryFaceGallery(FaceSearchMetrics? metrics = null) =>
        metrics?.ObserveIndexSize(() => published.Values.Sum(index => (long)index.Faces.Count));

    public bool IsReady => isReady;

    /// <summary>The ids of those that have an index.</summary>
    public IReadOnlyCollection<long> Collections => [.. published.Keys];

    /// <summary>Every face of the database has been added.</summary>
    public void MarkReady() => isReady = true;

    public IFaceIndex Open(long collectionId, string model) => Index(collectionId, model);

    public async Task<IFaceIndex> OpenOnceLoadedAsync(long collectionId, string model, CancellationToken ct)
    {
        while (true)
        {
            var next = Volatile.Read(ref changed).Task;
            var index = Index(collectionId, model);
            if (index.Model == model)
                return index;

            await next.WaitAsync(ct);
        }
    }

    /// <summary>Checks the loading index first, as it may be published between the two checks.</summary>
    public void Add(long collectionId, string model, IReadOnlyList<GalleryFace> faces)
    {
        if (loading.TryGetValue(collectionId, out var next) && next.Index.Model == model)
            next.Add(faces);

        var index = Index(collectionId, model);
        if (index.Model == model)
            index.Faces.Add(faces);
    }

    public void Remove(long collectionId, IReadOnlyCollection<long> faceIds)
    {
        if (loading.TryGetValue(collectionId, out var next))
            next.Remove(faceIds);

        if (published.TryGetValue(collectionId, out var index))
            index.Faces.Remove(faceIds);
    }

    /// <summary>Raised when a collection's index was removed, on the thread that removed it.</summary>
    public event Action<long>? CollectionRemoved;

    public void RemoveCollection(long collectionId)
    {
        loading.TryRemove(collectionId, out _);
        published.TryRemove(collectionId, out _);
        Announce();
        CollectionRemoved?.Invoke(collectionId);
    }

    /// <summary>Replaces a collection's whole index.</summary>
    public void Put(long collectionId, GalleryIndex index)
    {
        published[collectionId] = index;
        Announce();
    }

    /// <summary>Null if no face of the collection was ever added.</summary>
    public GalleryIndex? Find(long collectionId) => published.GetValueOrDefault(collectionId);

    /// <summary>
    /// Begins another index of a collection, before its rows are read. Later additions and removals are applied to it
    /// too.
    /// </summary>
    public LoadingIndex BeginLoading(long collectionId, string model, int generation) =>
        loading[collectionId] = new LoadingIndex(model, generation);

    /// <summary>Ends what <see cref="BeginLoading"/> began.</summary>
    /// <param name="publish">True when it is complete and replaces the old one.</param>
    /// <returns>Whether it replaced the old one; false when the collection was removed meanwhile.</returns>
    public bool EndLoading(long collectionId, LoadingIndex next, bool publish)
    {
        if (publish)
            Put(collectionId, next.Index);

        var isCurrent = loading.TryRemove(KeyValuePair.Create(collectionId, next));
        if (publish && !isCurrent)
            published.TryRemove(KeyValuePair.Create(collectionId, next.Index));

        return publish && isCurrent;
    }

    private GalleryIndex Index(long collectionId, string model) => published.GetOrAdd(
        collectionId, static (_, model) => new GalleryIndex(model, 0, new FlatIndex()), model);

    private void Announce() => Interlocked.Exchange(ref changed, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
