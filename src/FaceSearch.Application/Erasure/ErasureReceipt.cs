using System.Text.Json;
using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Application.Erasure;

/// <summary>The counts of deleted data. It holds no name, so it may be kept.</summary>
/// <param name="Images">Pictures whose bytes were deleted, also those that show other persons.</param>
/// <param name="JobItems">Job items of the pictures.</param>
/// <param name="Exclusions">Of the person and of the faces.</param>
/// <param name="Archives">
/// Stored archives that held the pictures, or may have held them; that of a running job is deleted when the job ends.
/// </param>
public sealed record ErasureReceipt(
    Guid Id, string Collection, long PersonId, DateTime ErasedAt, int Faces, int Images, int JobItems, int Exclusions,
    int Archives)
{
    /// <summary>Null for a job that is not a person's erasure.</summary>
    public static ErasureReceipt? Of(EnrolmentJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Receipt is { } json ? JsonSerializer.Deserialize<ErasureReceipt>(json) : null;
    }

    internal string ToJson() => JsonSerializer.Serialize(this);
}
