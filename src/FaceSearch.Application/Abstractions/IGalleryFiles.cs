namespace FaceSearch.Application.Abstractions;

/// <summary>The gallery's snapshot files on disk. Thread-safe.</summary>
public interface IGalleryFiles
{
    /// <summary>
    /// Deletes a collection's files, also one that is being written now. Afterwards no file holds a face that was
    /// removed from the gallery before the call.
    /// </summary>
    Task DropAsync(long collectionId, CancellationToken ct);
}
