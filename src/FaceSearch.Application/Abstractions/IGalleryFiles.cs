namespace FaceSearch.Application.Abstractions;

/// <summary>What the gallery keeps on disk so that a start is quick. Thread-safe.</summary>
public interface IGalleryFiles
{
    /// <summary>
    /// Deletes a collection's files, also one that is being written now: when the answer comes none is there that holds
    /// a face which was taken out of the gallery before.
    /// </summary>
    Task DropAsync(long collectionId, CancellationToken ct);
}
