using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Calibration;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.Jobs.Calibration;

/// <summary>
/// Measures the distances between a collection's faces and stores them in place of the last measurement. An interrupted
/// measurement begins again.
/// </summary>
internal sealed class CalibrationHandler(LeasedJobs jobs, IServiceScopeFactory scopes, TimeProvider time) : IJobHandler
{
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    public IReadOnlyCollection<EnrolmentJobKind> Kinds { get; } = [EnrolmentJobKind.Calibration];

    public JobLane Lane => JobLane.Long;

    public async Task RunAsync(JobRun run, CancellationToken ct)
    {
        var (collectionId, model) = await StartAsync(run, ct);
        await using var scope = scopes.CreateAsyncScope();
        var measurer = scope.ServiceProvider.GetRequiredService<CalibrationMeasurer>();
        var stored = time.GetTimestamp();
        var measured = await measurer.MeasureAsync(
            collectionId,
            model,
            async faces =>
            {
                run.ReportProgress();
                if (time.GetElapsedTime(stored) < ProgressPeriod)
                    return;

                await StoreProgressAsync(run, faces, ct);
                stored = time.GetTimestamp();
            },
            ct);
        await EndAsync(run, measured, ct);
    }

    private async Task<(long CollectionId, string Model)> StartAsync(JobRun run, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindRunnableAsync(db, run, ct);
        var collectionId = job.CollectionId!.Value;
        var model = await db.Collections.Where(c => c.Id == collectionId).Select(c => c.Model).SingleAsync(ct);
        job.Start(await CountAsync(db, collectionId, ct), jobs.Now);
        job.SetProgress(job.Total!.Value, 0, 0);
        await LeasedJobs.SaveAsync(db, ct);
        return (collectionId, model);
    }

    private async Task StoreProgressAsync(JobRun run, int faces, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindRunnableAsync(db, run, ct);
        job.SetProgress(Math.Max(faces, job.Total!.Value), faces, 0);
        await LeasedJobs.SaveAsync(db, ct);
    }

    private async Task EndAsync(JobRun run, CollectionCalibration measured, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        EnrolmentJob job = null!;
        await db.InTransactionAsync(
            async () =>
            {
                var collection = await db.LockCollectionAsync(measured.CollectionId, toChange: false, ct)
                    ?? throw new JobLostException();
                if (collection.Model != measured.Model)
                    throw new CollectionModelChangedException();

                job = await LeasedJobs.FindRunnableAsync(db, run, ct);
                await ReplaceAsync(db, measured, ct);
                job.SetProgress(job.Total!.Value, job.Total!.Value, 0);
                job.Succeed(jobs.Now);
                await LeasedJobs.SaveAsync(db, ct);
                return true;
            },
            ct);
        jobs.LogEnd(job);
    }

    private static async Task ReplaceAsync(IFaceSearchDbContext db, CollectionCalibration measured, CancellationToken ct)
    {
        if (await db.Calibrations.SingleOrDefaultAsync(row => row.CollectionId == measured.CollectionId, ct) is { } last)
        {
            db.Calibrations.Remove(last);
            await LeasedJobs.SaveAsync(db, ct);
        }

        db.Calibrations.Add(measured);
    }

    /// <summary>Faces of persons; the others are not measured.</summary>
    private static Task<int> CountAsync(IFaceSearchDbContext db, long collectionId, CancellationToken ct) =>
        db.Faces.CountAsync(face => face.CollectionId == collectionId && face.PersonId != null, ct);
}
