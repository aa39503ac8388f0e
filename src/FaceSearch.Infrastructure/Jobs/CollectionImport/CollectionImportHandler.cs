using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Application.Transfer;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs.CollectionImport;

/// <summary>
/// Imports an export. The whole export is verified before anything is stored and before a missing collection is created;
/// a restarted job continues after its last stored batch.
/// </summary>
internal sealed class CollectionImportHandler(
    LeasedJobs jobs,
    ZipArchiveStore archives,
    IFaceEncoders encoders,
    IIndexChanges index,
    IServiceScopeFactory scopes,
    IOptions<EnrolmentOptions> options,
    TimeProvider time) : IJobHandler
{
    public IReadOnlyCollection<EnrolmentJobKind> Kinds { get; } = [EnrolmentJobKind.CollectionImport];

    public JobLane Lane => JobLane.Long;

    public async Task RunAsync(JobRun run, CancellationToken ct)
    {
        if (!archives.IsKept(run.JobId))
        {
            await jobs.FailAsync(run, "archive-lost", "Its archive is not in the upload folder of this server.", ct);
            return;
        }

        var refused = await ImportAsync(run, ct);
        await jobs.EndAsync(
            run,
            job =>
            {
                if (refused is null)
                    job.Succeed(jobs.Now);
                else
                    job.Fail(refused.Code, refused.Message, jobs.Now);
            },
            ct);
    }

    /// <returns>Why the export can't be imported; null when it is.</returns>
    private async Task<Error?> ImportAsync(JobRun run, CancellationToken ct)
    {
        var opened = ImportSource.Open(archives.PathOf(run.JobId), options.Value);
        if (opened.Error is { } unreadable)
            return unreadable;

        using var source = opened.Value;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var job = await LeasedJobs.FindRunnableAsync(db, run, ct);
        if (!encoders.TryGet(source.Model, out var encoder))
            return new Error(
                ErrorKind.Conflict, "model-not-available",
                $"A server that runs jobs does not run the model '{source.Model}'.");

        if (job.Total is null
            && await Task.Run(() => source.FindDamage(encoder.Traits, run.ReportProgress, ct), ct) is { } damage)
            return damage;

        var started = await StartAsync(db, run, source, ct);
        if (started.Error is { } refused)
            return refused;

        var target = new ImportTarget(
            started.Value.Id, options.Value.KeepPictures, (context, token) => LeasedJobs.FindRunnableAsync(context, run, token));
        return await new ImportWriter(db, index, time, target, source).WriteAsync(run.ReportProgress, ct)
            ? null
            : TransferErrors.ModelMismatch(started.Value.Name, "another", source.Model);
    }

    /// <summary>Starts the job, and creates its collection if it does not exist.</summary>
    private async Task<Result<Collection>> StartAsync(
        IFaceSearchDbContext db, JobRun run, ImportSource source, CancellationToken ct)
    {
        Collection? collection = null;
        while (!await db.InTransactionAsync(
            async () =>
            {
                var job = await LeasedJobs.FindRunnableAsync(db, run, ct);
                collection = await FindAsync(db, job, ct);
                if (collection is null)
                {
                    collection = new Collection { Name = job.CollectionName!, Model = source.Model, CreatedAt = jobs.Now };
                    db.Collections.Add(collection);
                    if (!await db.TrySaveChangesAsync(ct))
                        return false;
                }

                if (collection.Model != source.Model)
                    return true;

                job.Assign(collection.Id);
                job.Start(source.Pictures, jobs.Now);
                return await db.TrySaveChangesAsync(ct);
            },
            ct))
        {
            // Conflict: another caller has created the collection. Retry.
        }

        return collection!.Model == source.Model
            ? collection
            : TransferErrors.ModelMismatch(collection.Name, collection.Model, source.Model);
    }

    private static Task<Collection?> FindAsync(IFaceSearchDbContext db, EnrolmentJob job, CancellationToken ct)
    {
        var (id, name) = (job.CollectionId, job.CollectionName);
        return id is null
            ? db.Collections.AsNoTracking().FirstOrDefaultAsync(c => c.Name == name, ct)
            : db.Collections.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, ct);
    }
}
