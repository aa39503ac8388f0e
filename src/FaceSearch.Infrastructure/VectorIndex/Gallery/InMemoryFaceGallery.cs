using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Telemetry;

namespace FaceSearch.Infrastructure.VectorIndex.Gallery;

/// <summary>
/// One index per collection, and beside it another while the collection's next generation is loaded. Any thread may
/// search; only the index's mailbox changes it.
/// </summary>
internal sealed class InMemoryFaceGallery : IFaceGallery
{
    private readonly ConcurrentDictionary<long, GalleryIndex> published = new();
    private readonly ConcurrentDictionary<long, GalleryIndex> loading = new();
    private TaskCompletionSource changed = NewSignal();
    private volatile bool isReady;

    public InMemoryFaceGallery(FaceSearchMetrics? metrics = null) =>
        metrics?.ObserveIndexSize(() => published.Values.Sum(index => (long)index.Faces.Count));

    public bool IsReady => isReady;

    /// <summary>The ids of those that have an index.</summary>
    public IReadOnlyCollection<long> Collections => [.. published.Keys];

    /// <summary>Whether another generation of any collection is being loaded.</summary>
    public bool IsLoading => !loading.IsEmpty;

    /// <summary>Every face of the database has been added.</summary>
    public void MarkReady() => isReady = true;

    public ValueTask<IFaceIndex> OpenAsync(long collectionId, string model, CancellationToken ct) =>
        new(FindOrEmpty(collectionId, model));

    public async Task<IFaceIndex> OpenOnceLoadedAsync(long collectionId, string model, CancellationToken ct)
    {
        while (true)
        {
            var next = Volatile.Read(ref changed).Task;
            var index = FindOrEmpty(collectionId, model);
            if (index.Model == model)
                return index;

            await next.WaitAsync(ct);
        }
    }

    /// <summary>Null if no face of the collection was ever added.</summary>
    public GalleryIndex? Find(long collectionId) => published.GetValueOrDefault(collectionId);

    /// <summary>Adds faces to the indexes of their model, also to one that is being loaded.</summary>
    public void Add(long collectionId, string model, IReadOnlyList<GalleryFace> faces)
    {
        if (loading.TryGetValue(collectionId, out var next) && next.Model == model)
            next.Faces.Add(faces);

        var index = published.GetOrAdd(collectionId, static (_, model) => Empty(model), model);
        if (index.Model == model)
            index.Faces.Add(faces);
    }

    /// <summary>Removes faces; unknown ids are ignored.</summary>
    public void Remove(long collectionId, IReadOnlyCollection<long> faceIds)
    {
        if (loading.TryGetValue(collectionId, out var next))
            next.Faces.Remove(faceIds);

        if (published.TryGetValue(collectionId, out var index))
            index.Faces.Remove(faceIds);
    }

    public void RemoveCollection(long collectionId)
    {
        loading.TryRemove(collectionId, out _);
        published.TryRemove(collectionId, out _);
        NotifyChanged();
    }

    /// <summary>Replaces a collection's whole index.</summary>
    public void Put(long collectionId, GalleryIndex index)
    {
        published[collectionId] = index;
        NotifyChanged();
    }

    /// <summary>
    /// Begins another index of a collection, before its rows are read. Later additions and removals are applied to it
    /// too.
    /// </summary>
    public GalleryIndex BeginLoading(long collectionId, string model, int generation) =>
        loading[collectionId] = new GalleryIndex(model, generation, new FlatIndex());

    /// <summary>Ends what <see cref="BeginLoading"/> began.</summary>
    /// <param name="publish">True when it is complete and replaces the old one.</param>
    /// <returns>Whether it replaced the old one; false when the collection was removed meanwhile.</returns>
    public bool EndLoading(long collectionId, GalleryIndex next, bool publish)
    {
        var isCurrent = loading.TryRemove(KeyValuePair.Create(collectionId, next));
        if (publish && isCurrent)
            Put(collectionId, next);

        return publish && isCurrent;
    }

    private GalleryIndex FindOrEmpty(long collectionId, string model) => Find(collectionId) ?? Empty(model);

    private static GalleryIndex Empty(string model) => new(model, 0, new FlatIndex());

    private void NotifyChanged() => Interlocked.Exchange(ref changed, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
