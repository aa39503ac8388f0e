using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Persons;
using FaceSearch.Application.Telemetry;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>
/// Stores a batch in one transaction: pictures, faces, items and the job's counts, then publishes the faces to the
/// index. So the progress never exceeds the stored data, and a restarted job finds exactly what is stored.
/// </summary>
internal sealed class EnrolmentBatchWriter(
    IServiceScopeFactory scopes,
    IIndexChanges index,
    FaceSearchMetrics metrics,
    IOptions<EnrolmentOptions> options,
    TimeProvider time)
{
    /// <summary>Concurrent writers cause a few conflicts per batch at most.</summary>
    private const int MaxConflicts = 100;

    /// <summary>Which of the candidates' pictures the collection has already, by SHA-256.</summary>
    public async Task<IReadOnlySet<string>> FindKnownAsync(
        EnrolmentTarget target, IEnumerable<EnrolmentCandidate> candidates, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        return await FindKnownAsync(db, target, candidates, ct);
    }

    public async Task WriteAsync(
        EnrolmentTarget target, IReadOnlyList<EnrolmentCandidate> candidates, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();

        var images = await TryWriteAsync(db, target, candidates, ct);
        for (var conflicts = 1; images is null; conflicts++)
        {
            if (conflicts == MaxConflicts)
                throw new InvalidOperationException($"A batch conflicted {MaxConflicts} times with rows that it did not find.");
            if (!await db.Collections.AnyAsync(c => c.Id == target.CollectionId && c.Model == target.Encoder.Model, ct))
                throw new CollectionModelChangedException();

            // The commit had succeeded although its answer was lost.
            candidates = await WithoutStoredAsync(db, target, candidates, ct);
            images = candidates.Count == 0 ? [] : await TryWriteAsync(db, target, candidates, ct);
        }

        GalleryFace[] faces = [.. images.SelectMany(image => image.Faces).Select(GalleryFace.Of)];
        await index.CommittedAsync(new FacesAdded(target.CollectionId, target.Encoder.Model, faces), ct);
    }

    /// <summary>Null on a conflict: another client has stored one of the pictures or persons. Retry.</summary>
    private async Task<List<Image>?> TryWriteAsync(
        IFaceSearchDbContext db,
        EnrolmentTarget target,
        IReadOnlyList<EnrolmentCandidate> candidates,
        CancellationToken ct)
    {
        Written? written = null;
        await db.InTransactionAsync(
            async () => (written = await TryWriteRowsAsync(db, target, candidates, ct)) is not null, ct);
        foreach (var (outcome, count) in written?.Items.CountBy(item => item.Outcome) ?? [])
            metrics.CountEnrolment(outcome, count);

        return written?.Images;
    }

    /// <summary>The pictures are saved first, as the items refer to their ids.</summary>
    private async Task<Written?> TryWriteRowsAsync(
        IFaceSearchDbContext db,
        EnrolmentTarget target,
        IReadOnlyList<EnrolmentCandidate> candidates,
        CancellationToken ct)
    {
        var job = await db.EnrolmentJobs.SingleAsync(j => j.Id == target.JobId, ct);
        if (job.Owner != target.Run.Owner)
            throw new JobLostException();
        if (job.CancelRequested)
            throw new JobCancelledException();

        var allowed = await WithoutErasedAsync(db, target, candidates, ct);
        var known = new HashSet<string>(await FindKnownAsync(db, target, allowed, ct));
        var judged = allowed
            .Select(candidate => candidate.IsDecided || known.Add(candidate.Sha256)
                ? candidate
                : candidate.Decide(EnrolmentOutcome.Duplicate))
            .ToList();

        var fresh = judged.FindAll(candidate => !candidate.IsDecided);
        var images = await ToImagesAsync(db, target, fresh, ct);
        db.Images.AddRange(images);
        if (!await db.TrySaveChangesAsync(ct))
            return null;

        var imageIds = await FindImageIdsAsync(db, target, judged, ct);
        var items = judged.ConvertAll(candidate => ToItem(target, candidate, imageIds));
        db.EnrolmentItems.AddRange(items);
        job.Count(items.Select(item => item.Outcome), time.GetUtcNow().UtcDateTime);
        return await db.TrySaveChangesAsync(ct) ? new Written(images, items) : null;
    }

    /// <summary>Replaces what names a person who was erased since the job was queued.</summary>
    private static async Task<IReadOnlyList<EnrolmentCandidate>> WithoutErasedAsync(
        IFaceSearchDbContext db, EnrolmentTarget target, IReadOnlyList<EnrolmentCandidate> candidates, CancellationToken ct)
    {
        var erased = await db.ErasedNames.AsNoTracking().Where(name => name.JobId == target.JobId)
            .Select(name => name.Hash).ToHashSetAsync(ct);
        return erased.Count == 0 ? candidates : [.. candidates.Select(candidate =>
            PictureName.Parse(candidate.Name).Person is { } person && erased.Contains(ErasedName.HashOf(target.JobId, person))
                ? candidate.Forget(EnrolmentReasons.PersonErased)
                : candidate)];
    }

    private static async Task<IReadOnlyList<EnrolmentCandidate>> WithoutStoredAsync(
        IFaceSearchDbContext db,
        EnrolmentTarget target,
        IReadOnlyList<EnrolmentCandidate> candidates,
        CancellationToken ct)
    {
        var positions = candidates.Select(candidate => candidate.Position).ToArray();
        var stored = await db.EnrolmentItems.AsNoTracking()
            .Where(item => item.JobId == target.JobId && positions.Contains(item.Position))
            .Select(item => item.Position)
            .ToHashSetAsync(ct);
        return [.. candidates.Where(candidate => !stored.Contains(candidate.Position))];
    }

    private async Task<List<Image>> ToImagesAsync(
        IFaceSearchDbContext db,
        EnrolmentTarget target,
        IEnumerable<EnrolmentCandidate> candidates,
        CancellationToken ct)
    {
        var named = candidates.Select(c => (Candidate: c, PictureName.Parse(c.Name).Person)).ToList();
        var persons = await db.GetOrAddPersonsAsync(
            target.CollectionId, named.Select(n => n.Person).OfType<string>(), ct);
        var now = time.GetUtcNow().UtcDateTime;

        return [.. named.Select(n => ToNewImage(n.Candidate).ToImage(
            target.CollectionId,
            target.Encoder.Model,
            n.Person is null ? null : persons[n.Person],
            options.Value.KeepPictures,
            now))];
    }

    private static NewImage ToNewImage(EnrolmentCandidate candidate) => new(
        candidate.Name, candidate.Bytes, candidate.Sha256, candidate.Picture!, candidate.Embedding!, candidate.Metadata);

    private static EnrolmentItem ToItem(
        EnrolmentTarget target, EnrolmentCandidate candidate, IReadOnlyDictionary<string, long> imageIds) => new()
    {
        JobId = target.JobId,
        Position = candidate.Position,
        Name = candidate.Name,
        Outcome = candidate.Outcome ?? EnrolmentOutcome.Inserted,
        Reason = candidate.Reason
            ?? (candidate.Outcome is null && !PictureName.IsDecoded(candidate.Name) ? EnrolmentReasons.UndecodableName : null),
        ImageId = imageIds.TryGetValue(candidate.Sha256, out var imageId) ? imageId : null,
        OtherFaces = candidate.Picture is { } picture ? picture.Faces.Count - 1 : 0,
    };

    /// <summary>The pictures of the collection by SHA-256, those of inserted candidates and of duplicates.</summary>
    private static async Task<IReadOnlyDictionary<string, long>> FindImageIdsAsync(
        IFaceSearchDbContext db, EnrolmentTarget target, IEnumerable<EnrolmentCandidate> candidates, CancellationToken ct)
    {
        var hashes = candidates.Where(candidate => candidate.Outcome is null or EnrolmentOutcome.Duplicate)
            .Select(candidate => candidate.Sha256).ToArray();
        return await db.Images.AsNoTracking()
            .Where(image => image.CollectionId == target.CollectionId && hashes.Contains(image.Sha256))
            .ToDictionaryAsync(image => image.Sha256, image => image.Id, ct);
    }

    private static async Task<IReadOnlySet<string>> FindKnownAsync(
        IFaceSearchDbContext db,
        EnrolmentTarget target,
        IEnumerable<EnrolmentCandidate> candidates,
        CancellationToken ct)
    {
        var hashes = candidates.Where(candidate => !candidate.IsDecided).Select(candidate => candidate.Sha256).ToArray();
        if (hashes.Length == 0)
            return new HashSet<string>();

        return await db.Images.AsNoTracking()
            .Where(image => image.CollectionId == target.CollectionId && hashes.Contains(image.Sha256))
            .Select(image => image.Sha256)
            .ToHashSetAsync(ct);
    }

    private sealed record Written(List<Image> Images, List<EnrolmentItem> Items);
}
