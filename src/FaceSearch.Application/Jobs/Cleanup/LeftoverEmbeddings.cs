using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs.Cleanup;

/// <summary>
/// Deletes embeddings that are not of their collection's model and that no re-embedding needs. They remain after a change
/// of the model, and after a re-embedding that did not succeed.
/// </summary>
public static class LeftoverEmbeddings
{
    private const int RowsAtOnce = 1000;

    /// <summary>The re-embeddings that use the embeddings of their model, or would use them in a retry.</summary>
    public static IQueryable<EnrolmentJob> Claims(IFaceSearchDbContext db)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.EnrolmentJobs.Where(job => job.CollectionId != null
            && (job.Kind == EnrolmentJobKind.Reembedding || job.Kind == EnrolmentJobKind.ReembeddingOrRemoval)
            && job.State != EnrolmentJobState.Succeeded && !job.EmbeddingsDropped);
    }

    /// <summary>In small transactions: a large one would block other requests. May be interrupted and repeated.</summary>
    /// <param name="over">The re-embedding that needs its embeddings no more, unless it was retried meanwhile.</param>
    /// <param name="onProgress">Called for each deleted batch.</param>
    public static async Task DeleteAsync(
        IFaceSearchDbContext db, long collectionId, Guid over, Action? onProgress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        var first = 0L;
        while (await FindAsync(db, collectionId, over, first, ct) is [_, ..] rows)
        {
            await db.InTransactionAsync(() => TryDeleteAsync(db, collectionId, over, rows, ct), ct);
            first = rows[^1].FaceId;
            onProgress?.Invoke();
        }
    }

    /// <summary>Outside of the transaction, as it may read the whole collection.</summary>
    private static async Task<List<Row>> FindAsync(
        IFaceSearchDbContext db, long collectionId, Guid over, long first, CancellationToken ct)
    {
        var model = await db.Collections.Where(c => c.Id == collectionId).Select(c => c.Model).FirstOrDefaultAsync(ct);
        if (model is null)
            return [];

        var needed = await FindNeededAsync(db, collectionId, model, over, ct);
        return await db.Faces
            .Where(face => face.CollectionId == collectionId && face.Id >= first)
            .SelectMany(face => face.Embeddings.Where(of => !needed.Contains(of.Model)), (face, of) => new { face.Id, of.Model })
            .OrderBy(row => row.Id)
            .Take(RowsAtOnce)
            .Select(row => new Row(row.Id, row.Model))
            .ToListAsync(ct);
    }

    /// <summary>A re-embedding is queued under the collection's lock, so what it needs does not change here.</summary>
    private static async Task<bool> TryDeleteAsync(
        IFaceSearchDbContext db, long collectionId, Guid over, IReadOnlyList<Row> rows, CancellationToken ct)
    {
        if (await db.LockCollectionAsync(collectionId, toChange: false, ct) is not { } collection)
            return false;

        var needed = await FindNeededAsync(db, collectionId, collection.Model, over, ct);
        foreach (var (model, faceIds) in rows.GroupBy(row => row.Model, row => row.FaceId).Select(of => (of.Key, of.ToArray())))
        {
            // By their whole keys: a range would lock the gaps between them and block enrolments.
            if (!needed.Contains(model))
                await db.FaceEmbeddings.Where(of => faceIds.Contains(of.FaceId) && of.Model == model).ExecuteDeleteAsync(ct);
        }

        return true;
    }

    private static async Task<string[]> FindNeededAsync(
        IFaceSearchDbContext db, long collectionId, string model, Guid over, CancellationToken ct)
    {
        var claimed = await Claims(db)
            .Where(job => job.CollectionId == collectionId && (job.Id != over || job.EndedAt == null))
            .Select(job => job.Model!)
            .ToListAsync(ct);
        return [.. claimed.Append(model).Distinct()];
    }

    private sealed record Row(long FaceId, string Model);
}
