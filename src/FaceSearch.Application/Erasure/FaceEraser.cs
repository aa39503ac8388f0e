using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Erasure;

/// <summary>
/// Owns everything that an erasure must do. The rows are deleted in the caller's transaction, which also stores a job
/// for the remaining duties: index and snapshots, exclusion cache, archives, the database's log. The job is attempted
/// until all are done. All duties may be repeated.
/// </summary>
public sealed partial class FaceEraser(
    IFaceSearchDbContext db,
    IIndexChanges index,
    IArchiveStore archives,
    ExclusionCache exclusions,
    IEnrolmentQueue queue,
    ICaller caller,
    IOptions<ErasureOptions> options,
    TimeProvider time,
    ILogger<FaceEraser> logger)
{
    private const int FacesAtOnce = 10_000;

    /// <summary>The kinds of jobs that store no faces.</summary>
    internal static readonly EnrolmentJobKind[] StoresNoFaces =
    [
        EnrolmentJobKind.PersonErasure, EnrolmentJobKind.FaceRemoval, EnrolmentJobKind.CollectionRemoval,
        EnrolmentJobKind.Calibration,
    ];

    /// <summary>
    /// Prevents batches of the collection's jobs, which may hold the erased data, from being stored unless they see the
    /// erasure. Call it in the transaction before its first read, as MySQL's snapshot begins there.
    /// </summary>
    /// <param name="collection">The collection's name.</param>
    /// <param name="remover">The job that removes the faces, which is not interrupted.</param>
    public async Task InterruptJobsAsync(
        long collectionId, string collection, CancellationToken ct, Guid? remover = null) =>
        await Unfinished(collectionId, collection)
            .Where(job => !StoresNoFaces.Contains(job.Kind) && job.Id != remover)
            .ExecuteUpdateAsync(set => set.SetProperty(job => job.Version, job => job.Version + 1), ct);

    /// <summary>
    /// Removes faces, and those of their pictures that have no other face, in a transaction of its own, and queues the
    /// job of the remaining duties.
    /// </summary>
    /// <param name="faceIds">So few that other writers can wait for the transaction.</param>
    /// <param name="remover">The job that removes the faces: its own items stay, because they tell why.</param>
    /// <param name="save">Called at the end of the transaction; its exception rolls the transaction back.</param>
    public async Task EraseFacesAsync(
        long collectionId,
        string collection,
        IReadOnlyCollection<long> faceIds,
        Guid remover,
        Func<Task> save,
        CancellationToken ct)
    {
        var answers = await ErasureScope.BeginAsync(db, collectionId, faceIds, ct);
        var imageIds = await db.Faces.Where(face => faceIds.Contains(face.Id)).Select(face => face.ImageId).Distinct().ToListAsync(ct);
        await db.InTransactionAsync(
            async () =>
            {
                // Locks before any read: pictures get no further faces, and of two removals of a picture's last faces the
                // second removes it.
                await db.LockCollectionAsync(collectionId, toChange: true, ct);
                await db.Images.Where(image => imageIds.Contains(image.Id))
                    .ExecuteUpdateAsync(set => set.SetProperty(image => image.FileName, image => image.FileName), ct);
                await InterruptJobsAsync(collectionId, collection, ct, remover);
                await EraseAsync(
                    collection, await ErasureScope.FindAsync(db, collectionId, faceIds, answers, remover, ct), ct);
                await save();
                return true;
            },
            ct);
        queue.NotifyChanged();
    }

    /// <summary>
    /// Deletes the rows and stores the job of the remaining duties. In the caller's transaction, after
    /// <see cref="InterruptJobsAsync"/>; the caller saves.
    /// </summary>
    internal async Task<EnrolmentJob> EraseAsync(
        string collection, ErasureScope scope, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (scope.Name is { } name)
            await DropFromJobsAsync(scope.CollectionId, collection, name, ct);
        await scope.DeleteAsync(db, now, ct);
        await DropArchivesAsync(db.EnrolmentJobs.Where(job => scope.Jobs.Contains(job.Id)), ct);
        if (scope.PersonId is not null)
            await DropArchivesAsync(CreatingImports(collection), ct);

        var erasure = new EnrolmentJob
        {
            CollectionId = scope.CollectionId,
            Kind = scope.PersonId is null ? EnrolmentJobKind.FaceRemoval : EnrolmentJobKind.PersonErasure,
            SubjectId = scope.PersonId ?? (scope.FaceIds.Count == 1 ? scope.FaceIds.Single() : null),
            Receipt = scope.PersonId is { } personId ? ReceiptOf(collection, personId, scope, now).ToJson() : null,
            StartedBy = caller.KeyId,
            CreatedAt = now,
        };
        db.EnrolmentJobs.Add(erasure);
        return erasure;
    }

    /// <summary>
    /// After the commit. The faces leave this process's index at once; then the erasure's job is waited for.
    /// </summary>
    /// <returns>
    /// The job as it is then; it has not ended when the wait was too long. Null when its collection was removed meanwhile.
    /// </returns>
    public async Task<EnrolmentJob?> WaitAsync(EnrolmentJob erasure, CancellationToken ct)
    {
        queue.NotifyChanged();
        await RemoveFromIndexAsync(erasure, ct);
        if (!await queue.TryWaitAsync(erasure.Id, TimeSpan.FromSeconds(options.Value.WaitSeconds), caller, time, ct))
            LogPending(logger, erasure.Id);

        return await db.EnrolmentJobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == erasure.Id, ct);
    }

    /// <summary>The duties after the commit.</summary>
    /// <returns>False when a duty is not done yet.</returns>
    public async Task<bool> FinishAsync(EnrolmentJob erasure, Action onProgress, CancellationToken ct)
    {
        await RemoveFromIndexAsync(erasure, ct, onProgress);
        await DiscardArchivesAsync(erasure.CollectionId!.Value, ct);
        if (await db.TruncateDeletedDataAsync(ct))
            return true;

        LogNotTruncated(logger, erasure.Id);
        return false;
    }

    private ErasureReceipt ReceiptOf(string collection, long personId, ErasureScope scope, DateTime now) => new(
        Guid.CreateVersion7(), collection, personId, now, scope.FaceIds.Count, scope.Images, scope.JobItems,
        scope.Exclusions, scope.Jobs.Count(archives.Has));

    /// <summary>Also faces that were removed at the same time: they must leave the index as well.</summary>
    private async Task RemoveFromIndexAsync(EnrolmentJob erasure, CancellationToken ct, Action? onProgress = null)
    {
        var collectionId = erasure.CollectionId!.Value;
        exclusions.Forget(collectionId);
        var since = erasure.CreatedAt.AddSeconds(-1);
        var last = 0L;
        while (await db.FaceRemovals.AsNoTracking()
            .Where(row => row.CollectionId == collectionId && row.RemovedAt >= since && row.Id > last)
            .OrderBy(row => row.Id).Take(FacesAtOnce).Select(row => new { row.Id, row.FaceId }).ToListAsync(ct)
            is [_, ..] removed)
        {
            await index.CommittedAsync(
                new FacesRemoved(collectionId, [.. removed.Select(row => row.FaceId)]), ct);
            last = removed[^1].Id;
            onProgress?.Invoke();
        }
    }

    /// <summary>The archive of a job that has not ended is discarded at its end.</summary>
    private async Task DiscardArchivesAsync(long collectionId, CancellationToken ct)
    {
        var ended = await db.EnrolmentJobs.AsNoTracking()
            .Where(job => (job.CollectionId == collectionId || job.CollectionId == null) && job.DropsArchive)
            .Where(job => job.EndedAt != null)
            .Select(job => job.Id).ToListAsync(ct);
        foreach (var jobId in ended)
            archives.Discard(jobId);
    }

    private static Task<int> DropArchivesAsync(IQueryable<EnrolmentJob> jobs, CancellationToken ct) => jobs.ExecuteUpdateAsync(
        set => set.SetProperty(job => job.DropsArchive, true).SetProperty(job => job.Version, job => job.Version + 1), ct);

    /// <summary>The imports that created the collection, or are to create it.</summary>
    private IQueryable<EnrolmentJob> CreatingImports(string collection) =>
        db.EnrolmentJobs.Where(job => job.Kind == EnrolmentJobKind.CollectionImport && job.CollectionName == collection);

    /// <summary>Unfinished jobs may still read the person's pictures from their archives.</summary>
    private async Task DropFromJobsAsync(long collectionId, string collection, string person, CancellationToken ct)
    {
        var jobIds = await Unfinished(collectionId, collection)
            .Where(job => job.Kind == EnrolmentJobKind.Archive || job.Kind == EnrolmentJobKind.CollectionImport)
            .Select(job => job.Id).ToListAsync(ct);
        var names = jobIds.ConvertAll(id => new ErasedName { JobId = id, Hash = ErasedName.HashOf(id, person) });
        var known = await db.ErasedNames.Where(name => jobIds.Contains(name.JobId))
            .Select(name => name.Hash).ToHashSetAsync(ct);
        db.ErasedNames.AddRange(names.Where(name => !known.Contains(name.Hash)));
    }

    /// <summary>With the imports that were queued before the collection existed.</summary>
    private IQueryable<EnrolmentJob> Unfinished(long collectionId, string collection) => db.EnrolmentJobs.Unfinished()
        .Where(job => job.CollectionId == collectionId || (job.CollectionId == null && job.CollectionName == collection));

    [LoggerMessage(EventId = 1200, Level = LogLevel.Warning,
        Message = "The database's log was not truncated for erasure {JobId} because of concurrent readers; retrying")]
    private static partial void LogNotTruncated(ILogger logger, Guid jobId);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Information, Message = "Erasure {JobId} continues after its answer")]
    private static partial void LogPending(ILogger logger, Guid jobId);
}
