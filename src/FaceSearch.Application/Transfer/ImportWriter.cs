using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Persons;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Transfer;

/// <summary>Stores an export batch by batch, each in one transaction, and makes its faces searchable.</summary>
internal sealed class ImportWriter(
    IFaceSearchDbContext db, IIndexChanges index, long collectionId, string model, bool keepPictures, ImportBatches batches)
{
    private const int PersonsAtOnce = 500;

    private readonly Dictionary<long, long> persons = [];

    public ImportCounts Counts { get; } = new();

    /// <summary>
    /// Adds the export's persons. Persons that exist already keep their faces and get the imported faces too.
    /// </summary>
    /// <returns>False when the collection's model has changed, or the collection was removed.</returns>
    public async Task<bool> WritePersonsAsync(CancellationToken ct)
    {
        foreach (var rows in batches.ReadPersons().Chunk(PersonsAtOnce))
        {
            var (found, added) = ((IReadOnlyDictionary<string, Person>)new Dictionary<string, Person>(), 0);
            while (!await db.InTransactionAsync(
                async () =>
                {
                    found = await db.GetOrAddPersonsAsync(collectionId, rows.Select(row => row.Name), ct);
                    added = found.Values.Count(person => person.Id == 0);
                    return await db.TrySaveChangesAsync(ct);
                },
                ct))
            {
                if (!await IsOfModelAsync(ct))
                    return false;
            }

            Counts.Persons += added;
            foreach (var row in rows)
                persons[row.Id] = found[row.Name].Id;
        }

        return true;
    }

    /// <returns>False when the collection's model has changed, or the collection was removed.</returns>
    public async Task<bool> WriteAsync(ImportBatch batch, CancellationToken ct)
    {
        var stored = new StoredBatch([], [], 0);
        while (!await db.InTransactionAsync(
            async () =>
            {
                stored = await StoreAsync(batch, ct);
                return await db.TrySaveChangesAsync(ct) && await ExcludeAsync(stored.Faces, ct);
            },
            ct))
        {
            // Conflict: another client has added one of the pictures, persons or external ids. Retry.
            if (!await IsOfModelAsync(ct))
                return false;
        }

        GalleryFace[] faces = [.. stored.Faces.Select(pair => new GalleryFace(pair.Face.Id, pair.Face.Embedding))];
        await index.CommittedAsync(new FacesAdded(collectionId, model, faces), ct);
        Counts.Add(stored);
        return true;
    }

    private Task<bool> IsOfModelAsync(CancellationToken ct) =>
        db.Collections.AnyAsync(c => c.Id == collectionId && c.Model == model, ct);

    private async Task<StoredBatch> StoreAsync(ImportBatch batch, CancellationToken ct)
    {
        var hashes = batch.Images.Select(image => image.Sha256).ToArray();
        var known = await db.Images.Where(image => image.CollectionId == collectionId && hashes.Contains(image.Sha256))
            .Select(image => image.Sha256).ToHashSetAsync(StringComparer.Ordinal, ct);
        var images = new Dictionary<long, Image>();
        foreach (var row in batch.Images.Where(row => known.Add(row.Sha256)))
            images.Add(row.Id, ToImage(row));

        var rows = batch.Faces.Where(row => images.ContainsKey(row.ImageId)).ToArray();
        var owners = await FindPersonsAsync(rows, ct);
        var taken = await FindExternalIdsAsync(rows, ct);
        var (faces, conflicts) = (new List<(FaceRow, Face)>(), new List<ExternalIdConflict>());
        foreach (var row in rows)
        {
            var isFree = row.ExternalId is not { } externalId || taken.TryAdd(externalId, null);
            var face = ToFace(row, row.PersonId is { } id ? owners.GetValueOrDefault(persons[id]) : null, isFree);
            images[row.ImageId].Faces.Add(face);
            faces.Add((row, face));
            if (!isFree)
                conflicts.Add(new ExternalIdConflict(face, row.ExternalId!, taken[row.ExternalId!]));
        }

        db.Images.AddRange(images.Values);
        return new StoredBatch(faces, conflicts, batch.Images.Count - images.Count);
    }

    /// <summary>Called when the faces have their ids.</summary>
    private async Task<bool> ExcludeAsync(IReadOnlyList<(FaceRow Row, Face Face)> faces, CancellationToken ct)
    {
        var exclusions = faces.SelectMany(pair => pair.Row.Exclusions.Select(exclusion => new PersonExclusion
        {
            PersonId = persons[exclusion.PersonId],
            FaceId = pair.Face.Id,
            CreatedAt = exclusion.CreatedAt,
        })).DistinctBy(exclusion => (exclusion.PersonId, exclusion.FaceId)).ToArray();
        if (exclusions.Length == 0)
            return true;

        // A person may have been erased since the import began.
        var ids = exclusions.Select(exclusion => exclusion.PersonId).Distinct().ToArray();
        var there = await db.Persons.Where(person => ids.Contains(person.Id)).Select(person => person.Id).ToHashSetAsync(ct);
        db.PersonExclusions.AddRange(exclusions.Where(exclusion => there.Contains(exclusion.PersonId)));
        return await db.TrySaveChangesAsync(ct);
    }

    private async Task<Dictionary<long, Person>> FindPersonsAsync(IReadOnlyList<FaceRow> rows, CancellationToken ct)
    {
        var ids = rows.Select(row => row.PersonId).OfType<long>().Select(id => persons[id]).Distinct().ToArray();
        return await db.Persons.Where(person => ids.Contains(person.Id)).ToDictionaryAsync(person => person.Id, ct);
    }

    /// <summary>The external ids of the rows that other faces of the collection have, and those faces.</summary>
    private async Task<Dictionary<string, long?>> FindExternalIdsAsync(IReadOnlyList<FaceRow> rows, CancellationToken ct)
    {
        var wanted = rows.Select(row => row.ExternalId).OfType<string>().ToArray();
        return await db.Faces
            .Where(face => face.CollectionId == collectionId && wanted.Contains(face.ExternalId))
            .ToDictionaryAsync(face => face.ExternalId!, face => (long?)face.Id, StringComparer.Ordinal, ct);
    }

    private Image ToImage(ImageRow row) => new()
    {
        CollectionId = collectionId,
        FileName = row.FileName,
        Version = row.Version,
        Sha256 = row.Sha256,
        Bytes = row.Bytes,
        Format = row.Format,
        Width = row.Width,
        Height = row.Height,
        Metadata = new ImageMetadata(row.CapturedAt, row.Camera, row.Latitude, row.Longitude),
        AddedAt = row.AddedAt,
        Content = keepPictures && batches.ReadPicture(row) is { } bytes ? new ImageContent { Data = bytes } : null,
    };

    private Face ToFace(FaceRow row, Person? person, bool withExternalId)
    {
        var face = new Face
        {
            CollectionId = collectionId,
            Person = person,
            ExternalId = withExternalId ? row.ExternalId : null,
            Box = new BoundingBox(row.Box.X, row.Box.Y, row.Box.Width, row.Box.Height),
            Score = row.Score,
            Quality = row.Quality,
            Embedding = TransferFormat.ToEmbedding(row.Embedding),
            Model = model,
            AddedAt = row.AddedAt,
        };
        foreach (var tag in row.Tags)
            face.Tags.Add(new FaceTag { Tag = tag });

        return face;
    }
}

/// <param name="HeldBy">The face that has the id; null when it is of the same batch.</param>
internal sealed record ExternalIdConflict(Face Face, string ExternalId, long? HeldBy);

internal sealed record StoredBatch(
    IReadOnlyList<(FaceRow Row, Face Face)> Faces, IReadOnlyList<ExternalIdConflict> Conflicts, int Duplicates);

/// <summary>The counts of an import so far.</summary>
internal sealed class ImportCounts
{
    public const int MaxConflicts = 1000;

    public long Faces { get; private set; }

    public long Images { get; private set; }

    public long Persons { get; set; }

    public long Duplicates { get; private set; }

    public List<ExternalIdConflict> Conflicts { get; } = [];

    public void Add(StoredBatch batch)
    {
        Faces += batch.Faces.Count;
        Images += batch.Faces.Select(pair => pair.Row.ImageId).Distinct().Count();
        Duplicates += batch.Duplicates;
        Conflicts.AddRange(batch.Conflicts.Take(MaxConflicts - Conflicts.Count));
    }
}
