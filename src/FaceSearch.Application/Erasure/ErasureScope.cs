using System.Runtime.CompilerServices;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Erasure;

/// <summary>
/// All that the database holds about a person, or about one face, found and then deleted in the caller's transaction.
/// </summary>
internal sealed class ErasureScope
{
    /// <summary>The reason of an item whose picture was removed while its job was not ended.</summary>
    public const string PictureRemoved = "picture-removed";

    /// <summary>Ids per statement.</summary>
    private const int ChunkSize = 500;

    private const int PageSize = 10_000;

    private readonly Person? person;
    private long[] faceIds = [];
    private long[] ownImages = [];
    private long[] sharedImages = [];
    private readonly HashSet<ItemKey> items = [];
    private IReadOnlyCollection<AnswerKey> answers = [];

    private ErasureScope(long collectionId, Person? person) => (CollectionId, this.person) = (collectionId, person);

    public long CollectionId { get; }

    /// <summary>Null for a face, whose person stays.</summary>
    public long? PersonId => person?.Id;

    public string? Name => person?.Name;

    public IReadOnlyCollection<long> FaceIds => faceIds;

    public int Images => ownImages.Length + sharedImages.Length;

    public int JobItems => items.Count;

    public int Exclusions { get; private set; }

    /// <summary>The jobs whose archives hold the person's pictures, or may hold them.</summary>
    public IReadOnlyCollection<Guid> Jobs { get; private set; } = [];

    /// <param name="before">What <see cref="BeginAsync(IFaceSearchDbContext, Person, CancellationToken)"/> returned.</param>
    public static async Task<ErasureScope> FindAsync(
        IFaceSearchDbContext db, Person person, AnswerSearch before, CancellationToken ct)
    {
        var scope = new ErasureScope(person.CollectionId, person);
        await scope.FindFacesAsync(db, person, ct);
        await scope.FindItemsAsync(db, ct);
        await scope.FindNamedItemsAsync(db, person, ct);
        scope.answers = await before.EndAsync(db, scope.Mentioned, ct);
        return scope;
    }

    /// <summary>The faces, and those of their pictures that have no other face.</summary>
    /// <param name="remover">A job that removes the faces: its own items stay, because they tell why.</param>
    public static async Task<ErasureScope> FindAsync(
        IFaceSearchDbContext db,
        long collectionId,
        IReadOnlyCollection<long> faceIds,
        AnswerSearch before,
        Guid? remover,
        CancellationToken ct)
    {
        var scope = await FindImagesAsync(db, collectionId, faceIds, ct);
        await scope.FindItemsAsync(db, ct);
        scope.items.RemoveWhere(item => item.JobId == remover);
        scope.Jobs = [.. scope.items.Select(item => item.JobId).Distinct()];
        scope.answers = await before.EndAsync(db, scope.Mentioned, ct);
        return scope;
    }

    /// <summary>Before the transaction: reads the stored answers.</summary>
    public static async Task<AnswerSearch> BeginAsync(IFaceSearchDbContext db, Person person, CancellationToken ct)
    {
        var scope = new ErasureScope(person.CollectionId, person);
        await scope.FindFacesAsync(db, person, ct);
        return await AnswerSearch.BeginAsync(db, scope.Mentioned, ct);
    }

    /// <inheritdoc cref="BeginAsync(IFaceSearchDbContext, Person, CancellationToken)"/>
    public static async Task<AnswerSearch> BeginAsync(
        IFaceSearchDbContext db, long collectionId, IReadOnlyCollection<long> faceIds, CancellationToken ct) =>
        await AnswerSearch.BeginAsync(db, (await FindImagesAsync(db, collectionId, faceIds, ct)).Mentioned, ct);

    private Mentioned Mentioned => new(person, faceIds, [.. ownImages, .. sharedImages]);

    private static async Task<ErasureScope> FindImagesAsync(
        IFaceSearchDbContext db, long collectionId, IReadOnlyCollection<long> faceIds, CancellationToken ct) =>
        new(collectionId, null) { faceIds = [.. faceIds], ownImages = await FindWholeImagesAsync(db, faceIds, ct) };

    private static async Task<long[]> FindWholeImagesAsync(
        IFaceSearchDbContext db, IReadOnlyCollection<long> faceIds, CancellationToken ct)
    {
        var images = new List<(long Id, int Faces)>();
        foreach (var chunk in faceIds.Chunk(ChunkSize))
        {
            var faces = await db.Faces.Where(face => chunk.Contains(face.Id))
                .Select(face => new { face.ImageId, face.Image.Faces.Count }).ToListAsync(ct);
            images.AddRange(faces.Select(face => (face.ImageId, face.Count)));
        }

        return [.. images.GroupBy(image => image).Where(image => image.Count() == image.Key.Faces).Select(image => image.Key.Id)];
    }

    public async Task DeleteAsync(IFaceSearchDbContext db, DateTime now, CancellationToken ct)
    {
        foreach (var chunk in items.GroupBy(item => item.JobId, item => item.Position)
            .SelectMany(job => job.Chunk(ChunkSize).Select(positions => (Job: job.Key, Positions: positions))))
        {
            await ForgetAsync(
                db, db.EnrolmentItems.Where(item => item.JobId == chunk.Job && chunk.Positions.Contains(item.Position)), ct);
        }

        foreach (var (apiKeyId, key) in answers)
        {
            await db.IdempotentRequests
                .Where(request => request.ApiKeyId == apiKeyId && request.Key == key).ExecuteDeleteAsync(ct);
        }

        foreach (var chunk in faceIds.Chunk(ChunkSize))
        {
            db.FaceRemovals.AddRange(chunk.Select(
                id => new FaceRemoval { CollectionId = CollectionId, FaceId = id, RemovedAt = now }));
            await db.SaveChangesAsync(ct);
        }

        await DeleteFacesAsync(db, ct);
        await db.PersonExclusions.Where(exclusion => exclusion.PersonId == PersonId).ExecuteDeleteAsync(ct);
        await db.Persons.Where(row => row.Id == PersonId).ExecuteDeleteAsync(ct);
    }

    /// <summary>
    /// Deletes the items of ended jobs. Those of a job that may run again only lose what they say about the picture:
    /// without an item the job would enrol the picture again.
    /// </summary>
    private static async Task ForgetAsync(IFaceSearchDbContext db, IQueryable<EnrolmentItem> items, CancellationToken ct)
    {
        var unfinished = db.EnrolmentJobs.Unfinished();
        await items.Where(item => !unfinished.Any(job => job.Id == item.JobId)).ExecuteDeleteAsync(ct);
        await items.ExecuteUpdateAsync(
            set => set
                .SetProperty(item => item.Name, string.Empty)
                .SetProperty(item => item.ImageId, (long?)null)
                .SetProperty(item => item.Outcome, EnrolmentOutcome.Skipped)
                .SetProperty(item => item.Reason, PictureRemoved),
            ct);
    }

    /// <summary>Foreign keys cascade to the rows of a face or a picture.</summary>
    private async Task DeleteFacesAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        foreach (var chunk in faceIds.Chunk(ChunkSize))
        {
            await db.Faces.Where(face => chunk.Contains(face.Id)).ExecuteDeleteAsync(ct);
        }

        foreach (var chunk in ownImages.Chunk(ChunkSize))
        {
            await db.Images.Where(image => chunk.Contains(image.Id)).ExecuteDeleteAsync(ct);
        }

        foreach (var chunk in sharedImages.Chunk(ChunkSize))
        {
            await db.ImageContents.Where(content => chunk.Contains(content.ImageId)).ExecuteDeleteAsync(ct);
            await db.Images.Where(image => chunk.Contains(image.Id)).ExecuteUpdateAsync(
                set => set
                    .SetProperty(image => image.FileName, string.Empty)
                    .SetProperty(image => image.Version, (int?)null)
                    .SetProperty(image => image.Metadata.CapturedAt, (DateTime?)null)
                    .SetProperty(image => image.Metadata.Camera, (string?)null)
                    .SetProperty(image => image.Metadata.Latitude, (double?)null)
                    .SetProperty(image => image.Metadata.Longitude, (double?)null),
                ct);
        }
    }

    private async Task FindFacesAsync(IFaceSearchDbContext db, Person person, CancellationToken ct)
    {
        var faces = await db.Faces
            .Where(face => face.PersonId == person.Id)
            .Select(face => new
            {
                face.Id,
                face.ImageId,
                IsShared = face.Image.Faces.Any(other => other.PersonId != person.Id || other.PersonId == null),
            })
            .ToListAsync(ct);
        faceIds = [.. faces.Select(face => face.Id)];
        ownImages = [.. faces.Where(face => !face.IsShared).Select(face => face.ImageId).Distinct()];
        sharedImages = [.. faces.Where(face => face.IsShared).Select(face => face.ImageId).Distinct()];

        Exclusions = await db.PersonExclusions.CountAsync(exclusion => exclusion.PersonId == person.Id, ct);
        foreach (var chunk in faceIds.Chunk(ChunkSize))
            Exclusions += await db.PersonExclusions.CountAsync(exclusion => chunk.Contains(exclusion.FaceId), ct);
    }

    /// <summary>The job items of the pictures.</summary>
    private async Task FindItemsAsync(IFaceSearchDbContext db, CancellationToken ct)
    {
        foreach (var chunk in ownImages.Concat(sharedImages).Select(id => (long?)id).Chunk(ChunkSize))
        {
            items.UnionWith(await db.EnrolmentItems
                .Where(item => chunk.Contains(item.ImageId))
                .Select(item => new ItemKey(item.JobId, item.Position)).ToListAsync(ct));
        }

        Jobs = [.. items.Select(item => item.JobId).Distinct()];
    }

    private async Task FindNamedItemsAsync(IFaceSearchDbContext db, Person person, CancellationToken ct)
    {
        // Only the longest part in ASCII: in a path underscores may join the words, and older items are not normalized.
        var name = FieldText.Normalize(person.Name);
        var word = name.Split([.. name.Where(c => !char.IsAsciiLetterOrDigit(c))]).MaxBy(part => part.Length)!;
        var jobs = db.EnrolmentJobs.Where(job => job.CollectionId == person.CollectionId);
        var named = db.EnrolmentItems.Where(item => jobs.Any(job => job.Id == item.JobId) && item.Name.Contains(word));
        await foreach (var item in ReadAsync(named, ct))
        {
            if (PictureName.Parse(item.Name).Person == name)
                items.Add(item.Key);
        }

        // The person of a duplicate, of a file that was not reached, and of a failed one without a name, is unknown.
        var unclear = await jobs
            .Where(job => job.Kind == EnrolmentJobKind.Archive || job.Kind == EnrolmentJobKind.CollectionImport)
            .Where(job => job.Duplicates > 0 || job.Total == null
                || job.Inserted + job.Duplicates + job.Failed + job.Skipped < job.Total)
            .Select(job => job.Id).ToListAsync(ct);
        Jobs = [.. items.Select(item => item.JobId).Concat(unclear).Concat(await FindUnclearFailuresAsync(db, jobs, ct)).Distinct()];
    }

    private static async Task<HashSet<Guid>> FindUnclearFailuresAsync(
        IFaceSearchDbContext db, IQueryable<EnrolmentJob> jobs, CancellationToken ct)
    {
        var failed = db.EnrolmentItems
            .Where(item => item.Outcome == EnrolmentOutcome.Failed)
            .Where(item => jobs.Any(job => job.Id == item.JobId && !job.DropsArchive
                && (job.Kind == EnrolmentJobKind.Archive || job.Kind == EnrolmentJobKind.CollectionImport)));
        var unclear = new HashSet<Guid>();
        await foreach (var item in ReadAsync(failed, ct))
        {
            if (PictureName.Parse(item.Name).Person is null)
                unclear.Add(item.Key.JobId);
        }

        return unclear;
    }

    /// <summary>In pages, as a job may have a million items.</summary>
    private static async IAsyncEnumerable<(ItemKey Key, string Name)> ReadAsync(
        IQueryable<EnrolmentItem> items, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var jobId in await items.Select(item => item.JobId).Distinct().ToListAsync(ct))
        {
            var pages = Pages.ReadAsync(
                last => items.Where(item => item.JobId == jobId && item.Position > last)
                    .OrderBy(item => item.Position).Select(item => new { item.Position, item.Name }),
                -1, item => item.Position, PageSize, ct);
            await foreach (var page in pages)
            {
                foreach (var item in page)
                    yield return (new ItemKey(jobId, item.Position), item.Name);
            }
        }
    }

    private sealed record ItemKey(Guid JobId, int Position);
}
