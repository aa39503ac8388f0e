using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Erasure;

/// <summary>
/// Deletes the data of a collection that was renamed, so that no request can find it: index and snapshots, archives,
/// rows in one batch per transaction, and the database's log. All of it may be repeated.
/// </summary>
internal sealed class CollectionEraser(IFaceSearchDbContext db, IIndexChanges index, IArchiveStore archives)
{
    private const int ImageBatch = 100;

    private const int RowBatch = 2000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Deletes the keys that are bound to this collection alone: without the binding they would be valid for all
    /// collections. Inside a transaction.
    /// </summary>
    /// <remarks>
    /// The rows of the keys are locked first. When two collections are removed at the same time, the second then sees
    /// the bindings that the first has left. Only statements that change rows are used here: on MySQL a plain SELECT
    /// may read the snapshot of the transaction's start.
    /// </remarks>
    public async Task UnbindKeysAsync(long collectionId, CancellationToken ct)
    {
        await db.ApiKeys
            .Where(key => key.Collections.Any(bound => bound.CollectionId == collectionId))
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.Scopes, key => key.Scopes), ct);
        await db.ApiKeys
            .Where(key => key.Collections.Any(bound => bound.CollectionId == collectionId)
                && !key.Collections.Any(bound => bound.CollectionId != collectionId))
            .ExecuteDeleteAsync(ct);
        await db.ApiKeyCollections.Where(bound => bound.CollectionId == collectionId).ExecuteDeleteAsync(ct);
    }

    /// <summary>Deletes the stored answers about the collection. Inside the transaction that renames it.</summary>
    public async Task DeleteAnswersAsync(string name, CancellationToken ct)
    {
        var mentions = await AnswerSearch.FindAsync(
            db, DateTime.UnixEpoch, body => PersonMentionMatcher.NamesCollection(body, name), ct);
        foreach (var (apiKeyId, key) in mentions)
        {
            await db.IdempotentRequests
                .Where(request => request.ApiKeyId == apiKeyId && request.Key == key).ExecuteDeleteAsync(ct);
        }
    }

    /// <summary>The job that deletes the data of a renamed collection.</summary>
    /// <param name="name">Before it was renamed.</param>
    /// <param name="startedBy">The caller's key; null for none.</param>
    public static EnrolmentJob NewRemoval(long collectionId, string name, long? startedBy, TimeProvider time) => new()
    {
        Kind = EnrolmentJobKind.CollectionRemoval,
        SubjectId = collectionId,
        CollectionName = name,
        StartedBy = startedBy,
        CreatedAt = time.GetUtcNow().UtcDateTime,
    };

    /// <param name="onProgress">Called for each deleted batch.</param>
    /// <returns>False when the database's log could not be truncated yet.</returns>
    public async Task<bool> FinishAsync(EnrolmentJob removal, Action onProgress, CancellationToken ct)
    {
        var removed = new CollectionRemoved(removal.SubjectId!.Value);
        await index.CommittedAsync(removed, ct);
        await DeleteRowsAsync(removed.CollectionId, onProgress, ct);

        // A request that began before the removal may have added a face.
        await index.CommittedAsync(removed, ct);
        return await db.TruncateDeletedDataAsync(ct);
    }

    private async Task DeleteRowsAsync(long collectionId, Action onProgress, CancellationToken ct)
    {
        do
        {
            await EraseJobsAsync(collectionId, onProgress, ct);
            await EraseImagesAsync(collectionId, onProgress, ct);
            await ErasePersonsAsync(collectionId, onProgress, ct);
        }
        while (!await db.InTransactionAsync(() => TryEraseRowAsync(collectionId, ct), ct));
    }

    /// <summary>
    /// A job may have been queued just before the rename. A running job ends at its next batch; one whose process has ended
    /// loses its lease.
    /// </summary>
    private async Task EraseJobsAsync(long collectionId, Action onProgress, CancellationToken ct)
    {
        var jobs = db.EnrolmentJobs.Where(job => job.CollectionId == collectionId);
        while (await jobs.Select(job => (Guid?)job.Id).FirstOrDefaultAsync(ct) is not null)
        {
            var idle = await jobs
                .Where(job => job.EndedAt != null || job.Owner == null || job.LeasedUntil < DateTime.UtcNow)
                .Select(job => job.Id)
                .ToListAsync(ct);
            foreach (var jobId in idle)
                await EraseJobAsync(jobId, onProgress, ct);

            var running = await jobs.Where(job => job.Owner != null)
                .ExecuteUpdateAsync(set => set.SetProperty(job => job.CancelRequested, true), ct);
            if (running > 0)
                await Task.Delay(Pause, ct);
        }
    }

    private async Task EraseJobAsync(Guid jobId, Action onProgress, CancellationToken ct)
    {
        var items = db.EnrolmentItems.Where(item => item.JobId == jobId);
        while (await items.MinAsync(item => (int?)item.Position, ct) is { } first)
        {
            await items.Where(item => item.Position < first + RowBatch).ExecuteDeleteAsync(ct);
            onProgress();
        }

        archives.Discard(jobId);
        await db.EnrolmentJobs
            .Where(job => job.Id == jobId && (job.Owner == null || job.LeasedUntil < DateTime.UtcNow)).ExecuteDeleteAsync(ct);
    }

    /// <summary>Foreign keys cascade to contents, faces, embeddings, tags and exclusions.</summary>
    private async Task EraseImagesAsync(long collectionId, Action onProgress, CancellationToken ct)
    {
        var images = db.Images.Where(image => image.CollectionId == collectionId);
        while (await images.OrderBy(image => image.Sha256).Select(image => image.Id).Take(ImageBatch).ToListAsync(ct) is { Count: > 0 } ids)
        {
            await db.Images.Where(image => ids.Contains(image.Id)).ExecuteDeleteAsync(ct);
            onProgress();
        }
    }

    private async Task ErasePersonsAsync(long collectionId, Action onProgress, CancellationToken ct)
    {
        var persons = db.Persons.Where(person => person.CollectionId == collectionId);
        while (await persons.OrderBy(person => person.Name).Select(person => person.Id).Take(RowBatch).ToListAsync(ct) is { Count: > 0 } ids)
        {
            await db.Persons.Where(person => ids.Contains(person.Id)).ExecuteDeleteAsync(ct);
            onProgress();
        }
    }

    /// <summary>False when a concurrent request has added rows meanwhile. The row lock prevents further additions.</summary>
    private async Task<bool> TryEraseRowAsync(long collectionId, CancellationToken ct)
    {
        var row = db.Collections.Where(collection => collection.Id == collectionId);
        await row.ExecuteUpdateAsync(set => set.SetProperty(c => c.Generation, c => c.Generation + 1), ct);
        await UnbindKeysAsync(collectionId, ct);
        if (await db.Images.AnyAsync(image => image.CollectionId == collectionId, ct)
            || await db.Persons.AnyAsync(person => person.CollectionId == collectionId, ct)
            || await db.EnrolmentJobs.AnyAsync(job => job.CollectionId == collectionId, ct))
            return false;

        await row.ExecuteDeleteAsync(ct);
        return true;
    }
}
