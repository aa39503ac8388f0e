using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

internal static class CalibrationJobs
{
    /// <summary>The collection's queued or running calibration; null when there is none.</summary>
    public static Task<Guid?> FindCalibrationAsync(this IFaceSearchDbContext db, long collectionId, CancellationToken ct) =>
        db.EnrolmentJobs
            .Where(job => job.CollectionId == collectionId && job.Kind == EnrolmentJobKind.Calibration)
            .Unfinished()
            .Select(job => (Guid?)job.Id)
            .FirstOrDefaultAsync(ct);

    /// <summary>Why an ended calibration can't be queued again; null when it can. Locks the collection.</summary>
    public static async Task<Error?> FindReasonNotToCalibrateAsync(
        this IFaceSearchDbContext db, EnrolmentJob job, CancellationToken ct)
    {
        if (await db.LockCollectionAsync(job.CollectionId!.Value, toChange: true, ct) is null)
            return JobErrors.CollectionGone;

        return await db.FindCalibrationAsync(job.CollectionId.Value, ct) is null ? null : JobErrors.CalibrationRunning;
    }
}
