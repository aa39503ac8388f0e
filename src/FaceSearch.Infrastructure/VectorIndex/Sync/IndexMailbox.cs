using System.Threading.Channels;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Infrastructure.VectorIndex.Gallery;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// The only place that changes the index, for <see cref="IndexSynchronizer"/>: one change at a time, in the order in which they arrive. A removed face is never added again. Each
/// method completes when searches see its change. Thread-safe.
/// </summary>
internal sealed class IndexMailbox : IAsyncDisposable
{
    /// <summary>Further senders wait.</summary>
    private const int Capacity = 1000;

    private readonly Channel<Action> changes =
        Channel.CreateBounded<Action>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly InMemoryFaceGallery gallery;
    private readonly SetAsideFaces setAside;
    private readonly RemovedFaces removed;
    private readonly Task applying;

    public IndexMailbox(InMemoryFaceGallery gallery, SetAsideFaces setAside, TimeProvider time)
    {
        (this.gallery, this.setAside) = (gallery, setAside);
        removed = new RemovedFaces(time);
        SeenFaces = new SequenceGapTracker(time);
        applying = Task.Run(ApplyAsync);
    }

    /// <summary>The ids of faces that need not be read from the database again.</summary>
    public SequenceGapTracker SeenFaces { get; }

    /// <summary>Adds committed faces, except removed ones and those whose embedding is damaged.</summary>
    public Task AddAsync(long collectionId, string model, IReadOnlyList<GalleryFace> faces) => SendAsync(() =>
    {
        if (!gallery.IsLoading)
            removed.ForgetOld();
        gallery.Add(collectionId, model, Searchable(collectionId, faces));
        SeenFaces.See(faces.Select(face => face.FaceId));
        return true;
    });

    /// <summary>Removes faces; unknown ids are ignored.</summary>
    /// <param name="mayReturn">
    /// True for ids that have no row now, but may get one: a restored database assigns ids again.
    /// </param>
    public Task RemoveAsync(long collectionId, IReadOnlyCollection<long> faceIds, bool mayReturn = false) => SendAsync(() =>
    {
        if (!mayReturn)
            removed.Add(faceIds);
        gallery.Remove(collectionId, faceIds);
        setAside.Forget(faceIds);
        return true;
    });

    public Task RemoveCollectionAsync(long collectionId) => SendAsync(() =>
    {
        gallery.RemoveCollection(collectionId);
        setAside.ForgetCollection(collectionId);
        return true;
    });

    /// <summary>Replaces a collection's whole index.</summary>
    public Task PutAsync(long collectionId, GalleryIndex index) => SendAsync(() =>
    {
        gallery.Put(collectionId, index);
        return true;
    });

    /// <summary>Begins an index of the collection's generation, before its rows are read.</summary>
    public Task<GalleryIndex> BeginLoadingAsync(Collection collection) =>
        SendAsync(() => gallery.BeginLoading(collection.Id, collection.Model, collection.Generation));

    /// <summary>Adds rows to an index that is being loaded.</summary>
    public Task FillAsync(long collectionId, GalleryIndex next, IReadOnlyList<GalleryFace> faces) => SendAsync(() =>
    {
        next.Faces.Add(Searchable(collectionId, faces));
        return true;
    });

    /// <inheritdoc cref="InMemoryFaceGallery.EndLoading"/>
    public Task<bool> EndLoadingAsync(long collectionId, GalleryIndex next, bool publish) =>
        SendAsync(() => gallery.EndLoading(collectionId, next, publish));

    /// <summary>Applies what was sent, then refuses changes.</summary>
    public async ValueTask DisposeAsync()
    {
        changes.Writer.TryComplete();
        await applying;
    }

    private List<GalleryFace> Searchable(long collectionId, IReadOnlyList<GalleryFace> faces) =>
        [.. faces.Where(face => !removed.Contains(face.FaceId) && setAside.IsSearchable(collectionId, face))];

    private async Task<T> SendAsync<T>(Func<T> change)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await changes.Writer.WriteAsync(() => Complete(done, change));
        return await done.Task;
    }

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> change)
    {
        try
        {
            done.SetResult(change());
        }
#pragma warning disable CA1031 // It is rethrown at the sender.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            done.SetException(exception);
        }
    }

    private async Task ApplyAsync()
    {
        await foreach (var change in changes.Reader.ReadAllAsync())
            change();
    }
}
