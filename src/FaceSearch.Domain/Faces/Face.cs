using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Domain.Faces;

/// <summary>An enrolled face: where it is in its picture, whose it is and its embeddings.</summary>
public sealed class Face
{
    public const int ExternalIdMaxLength = 128;

    /// <summary>Ascends with every enrolment and is never reused. Equal distances are ordered by it.</summary>
    public long Id { get; private set; }

    public long CollectionId { get; init; }

    public Collection Collection { get; init; } = null!;

    public long ImageId { get; private set; }

    public Image Image { get; init; } = null!;

    public long? PersonId { get; private set; }

    /// <summary>The person's id; null when the face has no person.</summary>
    public Person? Person { get; set; }

    /// <summary>The client's own name for the face, unique within the collection.</summary>
    public string? ExternalId { get; set; }

    public ICollection<FaceTag> Tags { get; } = [];

    public BoundingBox Box { get; init; }

    /// <summary>The detector's confidence; its range is the detector's own.</summary>
    public float Score { get; init; }

    /// <summary>Null for faces enrolled before quality was measured.</summary>
    public FaceQuality? Quality { get; init; }

    /// <summary>One per model; a new face has one, of its collection's model.</summary>
    public ICollection<FaceEmbedding> Embeddings { get; } = [];

    public DateTime AddedAt { get; init; }

    /// <summary>Incremented with every change of the face; its ETag. A change of an older version is refused.</summary>
    public int Version { get; set; } = 1;
}
