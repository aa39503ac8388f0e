using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Abstractions;

/// <summary>
/// The searchable indexes of the enrolled faces, one per collection, in memory; a cache of the database. Read-only:
/// <see cref="IIndexChanges"/> takes the changes. Thread-safe; a search reads one consistent snapshot and never waits
/// for a change.
/// </summary>
public interface IFaceGallery
{
    /// <summary>False until every face of the database is loaded.</summary>
    bool IsReady { get; }

    /// <summary>
    /// A collection's index as this process has it now. After a change of the collection's model it is the old index
    /// until the new one is loaded. Probes are embedded with the index's model, not with the collection's.
    /// </summary>
    /// <param name="model">The model of the empty index that is returned for a collection without one.</param>
    ValueTask<IFaceIndex> OpenAsync(long collectionId, string model, CancellationToken ct);

    /// <summary>
    /// The collection's index once it is of this model, for use cases that add faces and answer when they are
    /// searchable.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was not loaded before <paramref name="ct"/> was cancelled.</exception>
    Task<IFaceIndex> OpenOnceLoadedAsync(long collectionId, string model, CancellationToken ct);
}

/// <summary>
/// The faces of one collection by one model. A caller can still search it after the collection has changed to another
/// model, so probes and faces are always of one model. Thread-safe.
/// </summary>
public interface IFaceIndex
{
    /// <summary>The model of the embeddings; probes must be of the same model.</summary>
    string Model { get; }

    /// <summary>
    /// For each probe the nearest faces within the tolerance, exactly: ascending distance, ties by face id.
    /// A collection without faces answers empty lists.
    /// </summary>
    /// <remarks>
    /// CPU-bound: a search runs on the calling thread. While other searches use all processors, it waits without a
    /// thread. Await the answer once.
    /// </remarks>
    /// <param name="probes">Embeddings of the index's model; all probes share one pass over memory.</param>
    /// <param name="k">The largest number of matches per probe; at least 1.</param>
    /// <param name="tolerance">Euclidean distance; <c>distance &lt;= tolerance</c> matches.</param>
    /// <param name="filter">Which faces may match; all without it.</param>
    /// <param name="ct">Checked before the search begins; a search that has begun is finished.</param>
    ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        IReadOnlyList<Embedding> probes, int k, float tolerance, FaceFilter? filter, CancellationToken ct);
}

/// <summary>Which faces may match: the faces of a person or tag, without pairs that are excluded. Immutable data.</summary>
/// <param name="Allowed">The faces that may match any probe; null allows all.</param>
/// <param name="Only">For each probe the faces that may match it; null allows all.</param>
/// <param name="Refused">For each probe the faces that must not match it; null refuses none.</param>
public sealed record FaceFilter(
    IReadOnlySet<long>? Allowed = null,
    IReadOnlyList<IReadOnlySet<long>>? Only = null,
    IReadOnlyList<IReadOnlySet<long>>? Refused = null)
{
    /// <param name="probe">The probe's place in the list of probes.</param>
    public bool Admits(int probe, long faceId) =>
        (Allowed is null || Allowed.Contains(faceId))
        && (Only is null || Only[probe].Contains(faceId))
        && !(Refused is not null && Refused[probe].Contains(faceId));
}

/// <summary>A face as the index keeps it.</summary>
public readonly record struct GalleryFace(long FaceId, Embedding Embedding)
{
    /// <param name="face">A new face, which has one embedding.</param>
    public static GalleryFace Of(Face face) => new(face.Id, face.Embeddings.Single().Embedding);
}

/// <param name="Distance">Euclidean.</param>
public readonly record struct FaceMatch(long FaceId, float Distance);
