using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>The remaining work of a re-embedding. It is read from the database, so it survives a crash.</summary>
internal static class StoredPictures
{
    /// <summary>The collection's faces after an id.</summary>
    public static IQueryable<Face> After(IFaceSearchDbContext db, ReembeddingTarget target, long after) =>
        db.Faces.Where(face => face.CollectionId == target.CollectionId && face.Id > after);

    /// <summary>Those that have neither a new embedding nor a failure reason.</summary>
    public static IQueryable<Face> Pending(this IQueryable<Face> faces, IFaceSearchDbContext db, ReembeddingTarget target) =>
        faces.WithoutEmbedding(target).Where(face => !db.EnrolmentItems.Any(
            item => item.JobId == target.JobId && item.ImageId == face.ImageId));

    public static IQueryable<Face> WithoutEmbedding(this IQueryable<Face> faces, ReembeddingTarget target) =>
        faces.Where(face => !face.Embeddings.Any(of => of.Model == target.Encoder.Model));

    /// <summary>The next pictures, in the order of their faces; limited in number and in bytes.</summary>
    /// <param name="after">Faces up to this id are skipped.</param>
    /// <returns>The pictures, and the last face id that they cover; empty at the end.</returns>
    public static async Task<(IReadOnlyList<StoredPicture> Pictures, long Last)> NextAsync(
        IFaceSearchDbContext db, ReembeddingTarget target, long after, int count, CancellationToken ct)
    {
        var first = await After(db, target, after).Pending(db, target)
            .OrderBy(face => face.Id)
            .Take(count)
            .Select(face => new { face.Id, face.ImageId, face.Image.FileName, face.Image.Bytes })
            .ToListAsync(ct);
        var (chosen, bytes, last) = (new Dictionary<long, (string FileName, long Bytes)>(), 0L, after);
        foreach (var face in first)
        {
            if (!chosen.ContainsKey(face.ImageId))
            {
                bytes += face.Bytes;
                if (chosen.Count > 0 && bytes > BatchLimits.MaxBytes)
                    break;

                chosen.Add(face.ImageId, (face.FileName, face.Bytes));
            }

            last = face.Id;
        }

        // Without the collection in the condition, as SQLite would then scan the whole collection.
        var faces = await db.Faces.Where(face => chosen.Keys.Contains(face.ImageId)).Pending(db, target)
            .Select(face => new { face.Id, face.ImageId, face.Box, face.Image.Width, face.Image.Height })
            .ToListAsync(ct);
        var pictures = faces.GroupBy(face => face.ImageId).Select(group => new StoredPicture(
            group.Key, chosen[group.Key].FileName, chosen[group.Key].Bytes,
            [.. group.OrderBy(face => face.Id).Select(face => new StoredFace(face.Id, face.Box.ClipTo(face.Width, face.Height)))]));
        return ([.. pictures], last);
    }

    /// <summary>The bytes of the stored pictures, by the picture's id.</summary>
    public static async Task<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        IFaceSearchDbContext db, IEnumerable<StoredPicture> pictures, CancellationToken ct)
    {
        var ids = pictures.Select(picture => picture.ImageId).ToArray();
        return await db.Images.AsNoTracking()
            .Where(image => ids.Contains(image.Id) && image.Content != null)
            .Select(image => new { image.Id, image.Content!.Data })
            .ToDictionaryAsync(image => image.Id, image => image.Data, ct);
    }

    /// <summary>Sets the job's total and done counts.</summary>
    public static async Task SetProgressAsync(
        IFaceSearchDbContext db, EnrolmentJob job, CancellationToken ct)
    {
        var total = await db.Images.CountAsync(image => image.CollectionId == job.CollectionId, ct);
        var failed = await db.EnrolmentItems.CountAsync(item => item.JobId == job.Id, ct);
        var inserted = await db.Faces
            .Where(face => face.CollectionId == job.CollectionId && face.Embeddings.Any(of => of.Model == job.Model))
            .Select(face => face.ImageId)
            .Where(imageId => !db.EnrolmentItems.Any(item => item.JobId == job.Id && item.ImageId == imageId))
            .Distinct()
            .CountAsync(ct);
        job.SetProgress(Math.Max(total, inserted + failed), inserted, failed);
    }
}
