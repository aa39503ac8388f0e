using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Abstractions;

/// <summary>
/// The searchable indexes of the enrolled faces, one per collection, in memory; the database is the truth.
/// Thread-safe; a search sees one consistent state and never waits for a change.
/// </summary>
public interface IFaceGallery
{
    /// <summary>False until every face of the database is loaded.</summary>
    bool IsReady { get; }

    /// <summary>
    /// A collection's index as this process has it now. Right after a collection has got another model it is still the
    /// old one, until the new one is loaded: probes are embedded with the index's model, not with the collection's.
    /// </summary>
    /// <param name="model">Of the empty index that a collection without one gets.</param>
    IFaceIndex Open(long collectionId, string model);

    /// <summary>
    /// The collection's index once it is of this model, for those who add faces of it and promise that they are found.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was not loaded before <paramref name="ct"/> was cancelled.</exception>
    Task<IFaceIndex> OpenOnceLoadedAsync(long collectionId, string model, CancellationToken ct);

    /// <summary>
    /// Makes committed faces searchable; a face that is already there is left as it is. Faces of another model than the
    /// index's are passed over: they are of an index that is yet to be loaded, or that has been replaced.
    /// </summary>
    void Add(long collectionId, string model, IReadOnlyList<GalleryFace> faces);

    /// <summary>Takes faces out; ids that are not there are passed over.</summary>
    void Remove(long collectionId, IReadOnlyCollection<long> faceIds);

    /// <summary>Takes a collection out whole.</summary>
    void RemoveCollection(long collectionId);
}

/// <summary>
/// The faces of one collection by one model. Whoever holds it can go on searching it when the collection has moved on to
/// another model, so that probes and faces always belong together. Thread-safe.
/// </summary>
public interface IFaceIndex
{
    /// <summary>What made the embeddings; probes must be made with it too.</summary>
    string Model { get; }

    /// <summary>
    /// For each probe the nearest faces within the tolerance, exactly: ascending distance, ties by face id.
    /// A collection without faces answers empty lists.
    /// </summary>
    /// <remarks>
    /// CPU-bound: a search runs on the calling thread, unless others keep the processors busy; then it waits for one of
    /// them without a thread. Await the answer once.
    /// </remarks>
    /// <param name="probes">Embeddings of the index's model; all probes share one pass over memory.</param>
    /// <param name="k">At most so many matches a probe; at least 1.</param>
    /// <param name="tolerance">Euclidean distance; <c>distance &lt;= tolerance</c> matches.</param>
    /// <param name="filter">Which faces may match; all without it.</param>
    ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        IReadOnlyList<Embedding> probes, int k, float tolerance, FaceFilter? filter = null);
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
