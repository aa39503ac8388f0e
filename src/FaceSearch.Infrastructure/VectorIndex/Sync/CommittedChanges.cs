using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.VectorIndex.Gallery;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <inheritdoc/>
internal sealed class CommittedChanges(InMemoryFaceGallery gallery, SnapshotWriter snapshots) : IIndexChanges
{
    public async Task CommittedAsync(IndexChange change, CancellationToken ct)
    {
        switch (change)
        {
            case FacesAdded added:
                gallery.Add(added.CollectionId, added.Model, added.Faces);
                break;
            case FacesRemoved removed:
                gallery.Remove(removed.CollectionId, removed.FaceIds);
                await snapshots.DropAsync(removed.CollectionId, ct);
                break;
            case CollectionRemoved:
                gallery.RemoveCollection(change.CollectionId);
                await snapshots.DropAsync(change.CollectionId, ct);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, null);
        }
    }
}
