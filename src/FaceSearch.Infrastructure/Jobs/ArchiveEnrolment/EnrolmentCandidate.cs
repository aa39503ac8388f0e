using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>One entry of the archive in the pipeline; each block adds its result.</summary>
/// <param name="Position">The entry's index in the archive's directory.</param>
internal sealed record EnrolmentCandidate(int Position, string Name)
{
    public byte[] Bytes { get; init; } = [];

    /// <summary>Measured once, before the picture is detected.</summary>
    public PictureCost Cost { get; init; }

    public string Sha256 { get; init; } = string.Empty;

    public DetectedPicture? Picture { get; init; }

    public ImageMetadata Metadata { get; init; } = ImageMetadata.None;

    public Embedding? Embedding { get; init; }

    /// <summary>Null while the candidate is still to be enrolled.</summary>
    public EnrolmentOutcome? Outcome { get; init; }

    public string? Reason { get; init; }

    public bool IsDecided => Outcome is not null;

    public EnrolmentCandidate Fail(string reason) => Decide(EnrolmentOutcome.Failed, reason);

    /// <summary>The outcome is final, so the picture need not be kept in memory.</summary>
    public EnrolmentCandidate Decide(EnrolmentOutcome outcome, string? reason = null) =>
        new(Position, Name) { Sha256 = Sha256, Outcome = outcome, Reason = reason };

    /// <summary>Skips the entry without its name.</summary>
    public EnrolmentCandidate Forget(string reason) =>
        new(Position, string.Empty) { Outcome = EnrolmentOutcome.Skipped, Reason = reason };
}
