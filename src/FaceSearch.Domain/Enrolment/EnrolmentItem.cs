namespace FaceSearch.Domain.Enrolment;

/// <summary>The outcome of a file: enrolled, duplicate, failed or skipped.</summary>
public enum EnrolmentOutcome
{
    Inserted = 1,
    Duplicate = 2,
    Skipped = 3,
    Failed = 4,
}

/// <summary>
/// The outcome of one entry of the zip. Stored in the face's transaction, so a restarted job repeats nothing.
/// </summary>
public sealed class EnrolmentItem
{
    public const int NameMaxLength = 512;

    public const int ReasonMaxLength = 64;

    public Guid JobId { get; init; }

    /// <summary>The entry's index in the zip's directory. It is unique; names may repeat.</summary>
    public int Position { get; init; }

    public required string Name { get; init; }

    public EnrolmentOutcome Outcome { get; init; }

    /// <summary>A code of <c>docs/problems.md</c> when the item failed or was skipped, or its name was not decoded.</summary>
    public string? Reason { get; init; }

    /// <summary>The enrolled picture of an inserted item or a duplicate; erased with the picture.</summary>
    public long? ImageId { get; init; }

    /// <summary>How many faces of an inserted picture were not enrolled: the smaller ones.</summary>
    public int OtherFaces { get; init; }

    public static string Shorten(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= NameMaxLength ? name : "…" + name[^(NameMaxLength - 1)..];
    }
}
