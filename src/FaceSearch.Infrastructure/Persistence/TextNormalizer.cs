using System.Runtime.CompilerServices;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;
using FaceSearch.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.Persistence;

/// <summary>
/// Brings the names, external ids and tags that earlier versions stored to their stored form. Rows whose texts would then
/// be equal are reported and not changed: only a person can tell whether they are the same. It reads and writes these
/// columns only, so it works on the tables of its migration. Repeatable. Not thread-safe.
/// </summary>
internal sealed partial class TextNormalizer(FaceSearchDbContext db, ILogger<TextNormalizer> logger)
{
    /// <summary>Rows per statement.</summary>
    private const int ChunkSize = 1000;

    public async Task NormalizeAsync(CancellationToken ct)
    {
        await NormalizePersonsAsync(ct);
        await NormalizeExternalIdsAsync(ct);
        await NormalizeTagsAsync(ct);
    }

    private async Task NormalizePersonsAsync(CancellationToken ct)
    {
        var rows = db.Persons.Select(person => new Row { Id = person.Id, CollectionId = person.CollectionId, Text = person.Name });
        await foreach (var (row, name) in FindAsync(after => rows.Where(row => row.Id > after), ct))
        {
            if (!FieldText.IsValid(name, Person.NameMaxLength))
                LogInvalidName(logger, row.Id, row.CollectionId);
            else if (await FindPersonAsync(row, name, ct) is { } other)
                LogSameName(logger, row.Id, other, row.CollectionId);
            else
                await db.Persons.Where(person => person.Id == row.Id).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(person => person.Name, name)
                        .SetProperty(person => person.Version, person => person.Version + 1),
                    ct);
        }
    }

    private async Task NormalizeExternalIdsAsync(CancellationToken ct)
    {
        var rows = db.Faces.Where(face => face.ExternalId != null)
            .Select(face => new Row { Id = face.Id, CollectionId = face.CollectionId, Text = face.ExternalId! });
        await foreach (var (row, externalId) in FindAsync(after => rows.Where(row => row.Id > after), ct))
        {
            if (!FieldText.IsValid(externalId, Face.ExternalIdMaxLength))
                LogInvalidExternalId(logger, row.Id, row.CollectionId);
            else if (await FindFaceAsync(row, externalId, ct) is { } other)
                LogSameExternalId(logger, row.Id, other, row.CollectionId);
            else
                await db.Faces.Where(face => face.Id == row.Id).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(face => face.ExternalId, externalId)
                        .SetProperty(face => face.Version, face => face.Version + 1),
                    ct);
        }
    }

    /// <summary>A face that has a tag in both forms keeps one.</summary>
    private async Task NormalizeTagsAsync(CancellationToken ct)
    {
        foreach (var old in await db.FaceTags.Select(tag => tag.Tag).Distinct().ToListAsync(ct))
        {
            var tag = FieldText.Clean(old);
            if (tag == old || !FieldText.IsValid(tag, FaceTag.MaxLength))
                continue;

            var faces = await db.FaceTags.Where(filed => filed.Tag == old).Select(filed => filed.FaceId).ToListAsync(ct);
            foreach (var chunk in faces.Chunk(ChunkSize))
            {
                do
                {
                    var both = await db.FaceTags.Where(filed => filed.Tag == tag && chunk.Contains(filed.FaceId))
                        .Select(filed => filed.FaceId).ToListAsync(ct);
                    db.FaceTags.AddRange(chunk.Except(both).Select(face => new FaceTag { FaceId = face, Tag = tag }));
                }
                while (!await db.TrySaveChangesAsync(ct)); // Another server may do the same.

                db.ChangeTracker.Clear();
                await db.FaceTags.Where(filed => filed.Tag == old && chunk.Contains(filed.FaceId)).ExecuteDeleteAsync(ct);
            }
        }
    }

    /// <summary>The rows whose texts are not in their stored form, each with that form; one chunk in memory at a time.</summary>
    /// <param name="rowsAfter">The rows after this id.</param>
    private static async IAsyncEnumerable<(Row Row, string Text)> FindAsync(
        Func<long, IQueryable<Row>> rowsAfter, [EnumeratorCancellation] CancellationToken ct)
    {
        var after = 0L;
        while (await rowsAfter(after).OrderBy(row => row.Id).Take(ChunkSize).ToListAsync(ct) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                if (FieldText.Clean(row.Text) is var text && text != row.Text)
                    yield return (row, text);
            }

            after = rows[^1].Id;
        }
    }

    private Task<long?> FindPersonAsync(Row row, string name, CancellationToken ct) => db.Persons
        .Where(person => person.CollectionId == row.CollectionId && person.Name == name && person.Id != row.Id)
        .Select(person => (long?)person.Id).FirstOrDefaultAsync(ct);

    private Task<long?> FindFaceAsync(Row row, string externalId, CancellationToken ct) => db.Faces
        .Where(face => face.CollectionId == row.CollectionId && face.ExternalId == externalId && face.Id != row.Id)
        .Select(face => (long?)face.Id).FirstOrDefaultAsync(ct);

    [LoggerMessage(EventId = 2050, Level = LogLevel.Warning, Message =
        "Person {PersonId} has the same normalized name as person {OtherId} in collection {CollectionId}. Merge them or rename one")]
    private static partial void LogSameName(ILogger logger, long personId, long otherId, long collectionId);

    [LoggerMessage(EventId = 2051, Level = LogLevel.Warning, Message =
        "The name of person {PersonId} in collection {CollectionId} has no visible character or can't be decoded. Rename the person")]
    private static partial void LogInvalidName(ILogger logger, long personId, long collectionId);

    [LoggerMessage(EventId = 2052, Level = LogLevel.Warning, Message =
        "Face {FaceId} has the same normalized external id as face {OtherId} in collection {CollectionId}. Change one")]
    private static partial void LogSameExternalId(ILogger logger, long faceId, long otherId, long collectionId);

    [LoggerMessage(EventId = 2053, Level = LogLevel.Warning, Message =
        "The external id of face {FaceId} in collection {CollectionId} has no visible character or can't be decoded. Change it")]
    private static partial void LogInvalidExternalId(ILogger logger, long faceId, long collectionId);

    /// <summary>With properties to set, as EF Core does not filter by a constructor's.</summary>
    private sealed record Row
    {
        public required long Id { get; init; }

        public required long CollectionId { get; init; }

        public required string Text { get; init; }
    }
}
