namespace FaceSearch.Application.Abstractions;

/// <summary>Takes the changes that use cases have committed to the database, so that the index follows. Thread-safe.</summary>
public interface IIndexChanges
{
    /// <summary>
    /// Call after the commit. Completes when searches of this process see the change, and after a removal when no file
    /// of the index holds the removed faces any more. Other processes follow within two seconds.
    /// </summary>
    /// <param name="ct">Ends the waiting, not the change.</param>
    Task CommittedAsync(IndexChange change, CancellationToken ct);
}

/// <summary>A committed change of the faces of one collection.</summary>
public abstract record IndexChange(long CollectionId);

/// <summary>
/// New faces. The index skips faces that it has already, faces that were removed meanwhile, and faces of another model
/// than its own: those belong to an index that is not loaded yet, or that has been replaced.
/// </summary>
public sealed record FacesAdded(long CollectionId, string Model, IReadOnlyList<GalleryFace> Faces) : IndexChange(CollectionId);

/// <summary>Faces that no longer exist; unknown ids are ignored.</summary>
public sealed record FacesRemoved(long CollectionId, IReadOnlyCollection<long> FaceIds) : IndexChange(CollectionId);

/// <summary>The whole collection no longer exists.</summary>
public sealed record CollectionRemoved(long CollectionId) : IndexChange(CollectionId);
