using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Erasure;

namespace FaceSearch.Api.Enrolment;

/// <summary>The counts of what an erasure deleted. It holds no name, so it may be kept as evidence.</summary>
/// <param name="FaceCount">Faces with their embeddings.</param>
/// <param name="ImageCount">Pictures whose bytes were deleted, also those that show other persons.</param>
/// <param name="JobItemCount">Job items of the pictures.</param>
/// <param name="ExclusionCount">Of the person and of the faces.</param>
/// <param name="ArchiveCount">
/// Stored archives that held the pictures, or may have held them. That of a running job is deleted when the job ends.
/// </param>
/// <param name="PendingJobId">The job that has not yet deleted all copies of the pictures; null when all is deleted.</param>
public sealed record ErasureReceiptResponse(
    Guid ReceiptId, string Collection, string PersonId, DateTime ErasedAt, int FaceCount, int ImageCount,
    int JobItemCount, int ExclusionCount, int ArchiveCount, Guid? PendingJobId)
{
    internal static ErasureReceiptResponse From(ErasureReceipt receipt, Guid? pendingJob) => new(
        receipt.Id,
        receipt.Collection,
        EntityId.Format(receipt.PersonId),
        receipt.ErasedAt,
        receipt.Faces,
        receipt.Images,
        receipt.JobItems,
        receipt.Exclusions,
        receipt.Archives,
        pendingJob);
}
