using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Abstractions;

/// <summary>
/// The searchable index of the enrolled faces, one per collection, in memory; the database is the truth.
/// Thread-safe; a search sees one consistent state and never waits for a change.
/// </summary>
public interface IFaceGallery
{
    /// <summary>False until every face of the database is loaded.</summary>
    bool IsReady { get; }

    /// <summary>
    /// For each probe the nearest faces within the tolerance, exactly: ascending distance, ties by face id.
    /// A collection without faces answers empty lists.
    /// </summary>
    /// <remarks>
    /// CPU-bound: a search runs on the calling thread, unless others keep the processors busy; then it waits for one of
    /// them without a thread. Await the answer once.
    /// </remarks>
    /// <param name="probes">Embeddings of the collection's model; all probes share one pass over memory.</param>
    /// <param name="k">At most so many matches a probe; at least 1.</param>
    /// <param name="tolerance">Euclidean distance; <c>distance &lt;= tolerance</c> matches.</param>
    /// <param name="filter">Which faces may match; all without it.</param>
    ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        long collectionId, IReadOnlyList<Embedding> probes, int k, float tolerance, FaceFilter? filter = null);

    /// <summary>Makes committed faces searchable; a face that is already there is left as it is.</summary>
    void Add(long collectionId, IReadOnlyList<GalleryFace> faces);

    /// <summary>Puts faces in the place of those with the same ids, in one step; new ones are added.</summary>
    void Replace(long collectionId, IReadOnlyList<GalleryFace> faces);

    /// <summary>Takes faces out; ids that are not there are passed over.</summary>
    void Remove(long collectionId, IReadOnlyCollection<long> faceIds);

    /// <summary>Takes a collection out whole.</summary>
    void RemoveCollection(long collectionId);
}

/// <summary>
/// Decides inside the scan whether a face may match: the faces of a person or tag, or pairs that are excluded.
/// Asked only about faces that are near enough, perhaps on several threads at once.
/// </summary>
/// <param name="probe">The probe's place in the list of probes.</param>
public delegate bool FaceFilter(int probe, long faceId);

/// <summary>A face as the index keeps it.</summary>
public readonly record struct GalleryFace(long FaceId, Embedding Embedding);

/// <param name="Distance">Euclidean.</param>
public readonly record struct FaceMatch(long FaceId, float Distance);
