using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>
/// Stores new embeddings beside the old ones, a batch in one transaction with the job's counts and the pictures that
/// failed, so that a restarted job finds exactly what is stored.
/// </summary>
internal sealed class EmbeddingWriter(LeasedJobs jobs, IServiceScopeFactory scopes)
{
    public async Task WriteAsync(
        ReembeddingTarget target, IReadOnlyList<ReembeddedPicture> pictures, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        do
        {
            // Retries when a face was removed meanwhile, or when the commit had succeeded although its answer was lost.
            await AddAsync(db, await LeasedJobs.FindRunnableAsync(db, target.Run, ct), target.Encoder.Model, pictures, ct);
        }
        while (!await db.TrySaveChangesAsync(ct));
    }

    /// <summary>Adds to the context what is not stored yet; the caller saves.</summary>
    public async Task AddAsync(
        IFaceSearchDbContext db,
        EnrolmentJob job,
        string model,
        IReadOnlyList<ReembeddedPicture> pictures,
        CancellationToken ct)
    {
        var pending = await FindPendingAsync(db, job.Id, model, pictures, ct);
        var done = pictures.Where(result => result.Picture.Faces.Any(face => pending.Contains(face.FaceId))).ToArray();
        foreach (var (faceId, embedding) in done.SelectMany(result => result.Embeddings))
        {
            if (pending.Contains(faceId))
                db.FaceEmbeddings.Add(new FaceEmbedding { FaceId = faceId, Model = model, Embedding = embedding });
        }

        var last = await db.EnrolmentItems.Where(item => item.JobId == job.Id).MaxAsync(item => (int?)item.Position, ct);
        var items = done.Where(result => result.Reason is not null)
            .Select((result, index) => ToItem(job.Id, (last ?? -1) + 1 + index, result));
        db.EnrolmentItems.AddRange(items);
        job.Count(
            done.Select(result => result.Reason is null ? EnrolmentOutcome.Inserted : EnrolmentOutcome.Failed), jobs.Now);
    }

    /// <summary>The faces that still exist and have neither a new embedding nor a reason.</summary>
    private static async Task<HashSet<long>> FindPendingAsync(
        IFaceSearchDbContext db, Guid jobId, string model, IReadOnlyList<ReembeddedPicture> pictures, CancellationToken ct)
    {
        var faceIds = pictures.SelectMany(result => result.Picture.Faces).Select(face => face.FaceId).ToArray();
        return await db.Faces
            .Where(face => faceIds.Contains(face.Id))
            .Where(face => !face.Embeddings.Any(of => of.Model == model))
            .Where(face => !db.EnrolmentItems.Any(item => item.JobId == jobId && item.ImageId == face.ImageId))
            .Select(face => face.Id)
            .ToHashSetAsync(ct);
    }

    private static EnrolmentItem ToItem(Guid jobId, int position, ReembeddedPicture result) => new()
    {
        JobId = jobId,
        Position = position,
        Name = EnrolmentItem.Shorten(result.Picture.FileName),
        Outcome = EnrolmentOutcome.Failed,
        Reason = result.Reason,
        ImageId = result.Picture.ImageId,
    };
}
