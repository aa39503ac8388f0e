namespace FaceSearch.Domain.Collections;

/// <summary>The last measured distances between a collection's faces; one row per collection.</summary>
public sealed class CollectionCalibration
{
    public required long CollectionId { get; init; }

    /// <summary>The model of the measured embeddings. After a change of the collection's model the row is not used.</summary>
    public required string Model { get; init; }

    /// <summary>All faces of the collection when the measurement began.</summary>
    public required int Faces { get; init; }

    /// <summary>Persons with a face.</summary>
    public required int Persons { get; init; }

    public required int PersonsWithSeveralFaces { get; init; }

    /// <summary>True when not all pairs were measured.</summary>
    public required bool IsSampled { get; init; }

    /// <summary>The distances of pairs of one person, as counts per tolerance in a compact form.</summary>
    public required byte[] Same { get; init; }

    /// <summary>As <see cref="Same"/>, for pairs of different persons.</summary>
    public required byte[] Different { get; init; }

    /// <summary>When the measurement ended.</summary>
    public required DateTime MeasuredAt { get; init; }
}
