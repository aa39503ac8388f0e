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
    /// <param name="probes">Embeddings of the collection's model; all probes share one pass over memory.</param>
    /// <param name="k">At most so many matches a probe; at least 1.</param>
    /// <param name="tolerance">Euclidean distance; <c>distance &lt;= tolerance</c> matches.</param>
    IReadOnlyList<IReadOnlyList<FaceMatch>> Search(
        long collectionId, IReadOnlyList<Embedding> probes, int k, float tolerance);

    /// <summary>Makes committed faces searchable; a face that is already there is left as it is.</summary>
    void Add(long collectionId, IReadOnlyList<GalleryFace> faces);

    /// <summary>Takes faces out; ids that are not there are passed over.</summary>
    void Remove(long collectionId, IReadOnlyCollection<long> faceIds);
}

/// <summary>A face as the index keeps it.</summary>
public readonly record struct GalleryFace(long FaceId, Embedding Embedding);

/// <param name="Distance">Euclidean.</param>
public readonly record struct FaceMatch(long FaceId, float Distance);
