namespace FaceSearch.Domain.Enrolment;

/// <summary>What became of a file: enrolled, there already, passed over, or without a usable face.</summary>
public enum EnrolmentOutcome
{
    Inserted = 1,
    Duplicate = 2,
    Skipped = 3,
    Failed = 4,
}

/// <summary>What became of one entry of the zip. Stored with the face itself, so a restarted job repeats nothing.</summary>
public sealed class EnrolmentItem
{
    public const int NameMaxLength = 512;

    public const int ReasonMaxLength = 64;

    public Guid JobId { get; init; }

    /// <summary>The entry's place in the zip's directory: names may repeat, places do not.</summary>
    public int Position { get; init; }

    public required string Name { get; init; }

    public EnrolmentOutcome Outcome { get; init; }

    /// <summary>A code of <c>docs/problems.md</c> when the item failed or was skipped.</summary>
    public string? Reason { get; init; }

    /// <summary>The enrolled picture, when the item was inserted; erased with the picture.</summary>
    public long? ImageId { get; init; }

    public static string Shorten(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= NameMaxLength ? name : "…" + name[^(NameMaxLength - 1)..];
    }
}
