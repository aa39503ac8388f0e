using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Persons;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Transfer;

/// <param name="FindJobAsync">
/// Reads the job to change it in the transaction of a batch. Throws when the job must not continue.
/// </param>
public sealed record ImportTarget(
    long CollectionId, bool KeepPictures, Func<IFaceSearchDbContext, CancellationToken, Task<EnrolmentJob>> FindJobAsync);

/// <summary>
/// Stores an export batch by batch and makes its faces searchable. A batch and its counts in the job are one
/// transaction, so a later writer continues where the job's counts end. Not thread-safe.
/// </summary>
public sealed class ImportWriter(
    IFaceSearchDbContext db, IIndexChanges index, TimeProvider time, ImportTarget target, ImportSource source)
{
    private const int PersonsAtOnce = 500;

    /// <summary>By the ids of the export; null for a name that can't be stored.</summary>
    private readonly Dictionary<long, string?> persons = [];

    /// <summary>
    /// Stores what the job has not stored yet. Persons that exist already keep their faces and get the imported faces too.
    /// </summary>
    /// <param name="onBatch">Called after each batch.</param>
    /// <returns>False when the collection's model has changed.</returns>
    public async Task<bool> WriteAsync(Action onBatch, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(onBatch);
        var (position, done) = (0, (await target.FindJobAsync(db, ct)).Done);
        foreach (var rows in source.Batches.ReadPersons().Chunk(PersonsAtOnce))
        {
            foreach (var row in rows)
                persons[row.Id] = ImportRules.NameOf(row);

            // A job that has stored pictures has stored the persons; they may be renamed, merged or removed by now.
            if (done == 0 && !await WritePersonsAsync(rows, ct))
                return false;

            onBatch();
        }

        foreach (var batch in source.Batches.Read())
        {
            var rest = batch.Skip(done - position);
            var start = position + batch.Images.Count - rest.Images.Count;
            if (rest.Images.Count > 0 && !await WriteAsync(rest, start, ct))
                return false;

            position += batch.Images.Count;
            onBatch();
        }

        return true;
    }

    private async Task<bool> WritePersonsAsync(IReadOnlyCollection<PersonRow> rows, CancellationToken ct)
    {
        while (!await db.InTransactionAsync(
            async () =>
            {
                var job = await target.FindJobAsync(db, ct);
                var erased = await ErasedPersons.FindAsync(db, job.Id, ct);
                var names = rows.Select(row => persons[row.Id]).OfType<string>().Where(name => !erased.Contain(name));
                var found = await db.GetOrAddPersonsAsync(target.CollectionId, names, ct);
                var added = found.Values.Count(person => person.Id == 0);
                if (added == 0)
                    return true;

                var tally = ImportTally.Of(job);
                job.SetResult((tally with { Persons = tally.Persons + added }).ToJson());
                job.Advance();
                return await db.TrySaveChangesAsync(ct);
            },
            ct))
        {
            if (!await IsOfModelAsync(ct))
                return false;
        }

        return true;
    }

    /// <param name="start">The index of the batch's first picture in the export.</param>
    private async Task<bool> WriteAsync(ImportBatch batch, int start, CancellationToken ct)
    {
        var stored = new StoredBatch([], [], 0, 0, []);
        while (!await db.InTransactionAsync(
            async () =>
            {
                var job = await target.FindJobAsync(db, ct);
                if (job.Done > start)
                    return true; // The commit had succeeded although its answer was lost.

                stored = await StoreAsync(batch, await ErasedPersons.FindAsync(db, job.Id, ct), ct);
                db.EnrolmentItems.AddRange(stored.Failed.Select(failed => ToItem(job, start + failed.Place, failed)));
                if (!await db.TrySaveChangesAsync(ct))
                    return false;

                Exclude(stored.Faces);
                Count(job, batch, stored);
                return await db.TrySaveChangesAsync(ct);
            },
            ct))
        {
            // Conflict: another client has added one of the pictures, persons or external ids. Retry.
            if (!await IsOfModelAsync(ct))
                return false;
        }

        GalleryFace[] faces = [.. stored.Faces.Select(added => GalleryFace.Of(added.Face))];
        await index.CommittedAsync(new FacesAdded(target.CollectionId, source.Model, faces), ct);
        return true;
    }

    private Task<bool> IsOfModelAsync(CancellationToken ct) =>
        db.Collections.AnyAsync(c => c.Id == target.CollectionId && c.Model == source.Model, ct);

    /// <summary>
    /// Adds the batch to the context, without the faces of erased persons and the pictures that show only them. A picture
    /// that also shows others is added without its bytes, file name and camera data, as an erasure leaves it.
    /// </summary>
    private async Task<StoredBatch> StoreAsync(ImportBatch batch, ErasedPersons erased, CancellationToken ct)
    {
        var allowed = batch.Faces.Where(row => !erased.Contain(NameOf(row.PersonId))).ToLookup(row => row.ImageId);
        var pictures = batch.Images.ToDictionary(row => row.Id, source.Batches.ReadPicture);
        var failed = new List<FailedPicture>();
        foreach (var (place, row) in batch.Images.Index().Where(image => allowed.Contains(image.Item.Id)))
        {
            if (ImportRules.FindFault(row, allowed[row.Id], pictures[row.Id], id => persons[id] is not null) is { } reason)
                failed.Add(new FailedPicture(place, row, reason, IsErased(row)));
        }

        var refused = failed.Select(picture => picture.Row).ToHashSet();
        var left = batch.Images.Where(row => allowed.Contains(row.Id) && !refused.Contains(row)).ToArray();
        var hashes = left.Select(image => image.Sha256).ToArray();
        var known = await db.Images
            .Where(image => image.CollectionId == target.CollectionId && hashes.Contains(image.Sha256))
            .Select(image => image.Sha256).ToHashSetAsync(StringComparer.Ordinal, ct);
        var images = new Dictionary<long, Image>();
        foreach (var row in left.Where(row => known.Add(row.Sha256)))
        {
            images.Add(row.Id, ToImage(row, IsErased(row), pictures[row.Id]));
        }

        var rows = batch.Faces.Where(row => images.ContainsKey(row.ImageId) && !erased.Contain(NameOf(row.PersonId))).ToArray();
        var named = await db.GetOrAddPersonsAsync(
            target.CollectionId, rows.SelectMany(NamesOf).Where(name => !erased.Contain(name)), ct);
        var holders = await FindExternalIdsAsync(rows, ct);
        var (faces, conflicts) = (new List<StoredFace>(), new List<ExternalIdConflict>());
        foreach (var row in rows)
        {
            var face = ToFace(row, NameOf(row.PersonId) is { } name ? named[name] : null);
            if (row.ExternalId is { } externalId)
            {
                if (holders.TryAdd(externalId, face))
                    face.ExternalId = externalId;
                else
                    conflicts.Add(new ExternalIdConflict(face, holders[externalId]));
            }

            images[row.ImageId].Faces.Add(face);
            faces.Add(new StoredFace(
                face,
                [
                    .. row.Exclusions.Where(exclusion => NameOf(exclusion.PersonId) is { } name && named.ContainsKey(name))
                        .Select(exclusion => (named[persons[exclusion.PersonId]!], exclusion.CreatedAt)),
                ]));
        }

        db.Images.AddRange(images.Values);
        return new StoredBatch(faces, conflicts, images.Count, batch.Images.Count - left.Length - failed.Count, failed);

        bool IsErased(ImageRow row) =>
            allowed[row.Id].Count() < row.Faces || erased.Contain(PictureName.Parse(row.FileName).Person);
    }

    /// <summary>Called when the faces and persons have their ids.</summary>
    private void Exclude(IReadOnlyList<StoredFace> faces) => db.PersonExclusions.AddRange(
        faces.SelectMany(stored => stored.Exclusions.Select(exclusion => new PersonExclusion
        {
            PersonId = exclusion.Person.Id,
            FaceId = stored.Face.Id,
            CreatedAt = exclusion.CreatedAt,
        })).DistinctBy(exclusion => (exclusion.PersonId, exclusion.FaceId)));

    private void Count(EnrolmentJob job, ImportBatch batch, StoredBatch stored)
    {
        ConflictingFaces[] conflicts =
            [.. stored.Conflicts.Select(conflict => new ConflictingFaces(conflict.Face.Id, conflict.Holder.Id))];
        job.SetResult(ImportTally.Of(job).Add(stored.Faces.Count, conflicts).ToJson());
        job.Count(
            batch.Images.Select((_, place) =>
                place < stored.Images ? EnrolmentOutcome.Inserted
                : place < stored.Images + stored.Skipped ? EnrolmentOutcome.Skipped
                : place < stored.Images + stored.Skipped + stored.Failed.Count ? EnrolmentOutcome.Failed
                : EnrolmentOutcome.Duplicate),
            time.GetUtcNow().UtcDateTime);
    }

    private string? NameOf(long? personId) => personId is { } id ? persons[id] : null;

    private IEnumerable<string> NamesOf(FaceRow row) =>
        row.Exclusions.Select(exclusion => (long?)exclusion.PersonId).Append(row.PersonId).OfType<long>()
            .Select(id => persons[id]).OfType<string>();

    /// <summary>The faces of the collection that have the rows' external ids.</summary>
    private async Task<Dictionary<string, Face>> FindExternalIdsAsync(IReadOnlyList<FaceRow> rows, CancellationToken ct)
    {
        var wanted = rows.Select(row => row.ExternalId).OfType<string>().ToArray();
        return await db.Faces.AsNoTracking()
            .Where(face => face.CollectionId == target.CollectionId && wanted.Contains(face.ExternalId))
            .ToDictionaryAsync(face => face.ExternalId!, StringComparer.Ordinal, ct);
    }

    private Image ToImage(ImageRow row, bool isErased, byte[]? bytes) => new()
    {
        CollectionId = target.CollectionId,
        FileName = isErased ? string.Empty : NewImage.FileNameOf(row.FileName),
        Version = isErased ? null : row.Version,
        Sha256 = row.Sha256,
        Bytes = row.Bytes,
        Format = row.Format,
        Width = row.Width,
        Height = row.Height,
        Metadata = isErased ? new ImageMetadata(null, null, null, null) : ImportRules.ToMetadata(row),
        AddedAt = row.AddedAt,
        Content = target.KeepPictures && !isErased && bytes is not null ? new ImageContent { Data = bytes } : null,
    };

    private Face ToFace(FaceRow row, Person? person)
    {
        var face = new Face
        {
            CollectionId = target.CollectionId,
            Person = person,
            Box = ImportRules.ToBox(row.Box),
            Score = row.Score,
            Quality = row.Quality,
            AddedAt = row.AddedAt,
            Embeddings = { new FaceEmbedding { Model = source.Model, Embedding = TransferFormat.ToEmbedding(row.Embedding) } },
        };
        face.SetTags(row.Tags);
        return face;
    }

    private static EnrolmentItem ToItem(EnrolmentJob job, int position, FailedPicture failed) => new()
    {
        JobId = job.Id,
        Position = position,
        Name = failed.IsErased ? string.Empty : NewImage.FileNameOf(failed.Row.FileName),
        Outcome = EnrolmentOutcome.Failed,
        Reason = failed.Reason,
    };
}

internal sealed record StoredFace(Face Face, IReadOnlyList<(Person Person, DateTime CreatedAt)> Exclusions);

/// <param name="Holder">The face that has the external id.</param>
internal sealed record ExternalIdConflict(Face Face, Face Holder);

/// <param name="Images">The number of pictures added.</param>
/// <param name="Skipped">The number of pictures that show erased persons only.</param>
internal sealed record StoredBatch(
    IReadOnlyList<StoredFace> Faces, IReadOnlyList<ExternalIdConflict> Conflicts, int Images, int Skipped,
    IReadOnlyList<FailedPicture> Failed);

/// <param name="Place">The index in the batch.</param>
/// <param name="IsErased">Its name is that of an erased person.</param>
internal sealed record FailedPicture(int Place, ImageRow Row, string Reason, bool IsErased);
