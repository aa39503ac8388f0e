using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Search;

/// <summary>The database queries of a search: the faces that the filters allow, and the persons of the matches.</summary>
internal static class SearchQueries
{
    /// <summary>Ids per statement; a grouped search may have found more.</summary>
    private const int ChunkSize = 1000;

    /// <summary>The faces that the filters allow; null when they allow all.</summary>
    public static async Task<IReadOnlySet<long>?> FindAllowedAsync(
        this IFaceSearchDbContext db, long collectionId, SearchTerms terms, CancellationToken ct)
    {
        var isOfPersons = terms.Persons.Count > 0 || terms.PersonIds.Count > 0;
        if (!isOfPersons && terms.Tags.Count == 0)
            return null;

        var faces = db.Faces.Where(face => face.CollectionId == collectionId);
        if (isOfPersons)
        {
            long?[] persons = [.. terms.PersonIds.Select(EntityId.Parse), .. await db.FindPersonsAsync(collectionId, terms.Persons, ct)];
            faces = faces.Where(face => persons.Contains(face.PersonId)).WhereNotExcluded(db);
        }

        foreach (var tag in terms.Tags)
            faces = faces.Where(face => db.FaceTags.Any(of => of.FaceId == face.Id && of.Tag == tag));

        return await faces.Select(face => face.Id).ToHashSetAsync(ct);
    }

    private static async Task<IReadOnlyList<long?>> FindPersonsAsync(
        this IFaceSearchDbContext db, long collectionId, IReadOnlyList<string> names, CancellationToken ct) => names.Count == 0
        ? []
        : await db.Persons
            .Where(person => person.CollectionId == collectionId && names.Contains(person.Name))
            .Select(person => (long?)person.Id)
            .ToListAsync(ct);

    public static async Task<ILookup<long, long>> FindFacesOfAsync(
        this IFaceSearchDbContext db, long collectionId, IReadOnlyCollection<long> persons, CancellationToken ct)
    {
        var faces = new List<(long PersonId, long FaceId)>();
        foreach (var chunk in persons.Select(person => (long?)person).Chunk(ChunkSize))
        {
            var rows = await db.Faces
                .Where(face => face.CollectionId == collectionId && chunk.Contains(face.PersonId))
                .WhereNotExcluded(db)
                .Select(face => new { PersonId = face.PersonId!.Value, face.Id })
                .ToListAsync(ct);
            faces.AddRange(rows.Select(row => (row.PersonId, row.Id)));
        }

        return faces.ToLookup(face => face.PersonId, face => face.FaceId);
    }

    /// <summary>Without faces that are excluded from their own person.</summary>
    private static IQueryable<Face> WhereNotExcluded(this IQueryable<Face> faces, IFaceSearchDbContext db) =>
        faces.Where(face => !db.PersonExclusions.Any(
            exclusion => exclusion.FaceId == face.Id && exclusion.PersonId == face.PersonId));

    /// <summary>Adds the person of each face, null for none; a removed face is not added.</summary>
    public static async Task AddOwnersAsync(
        this IFaceSearchDbContext db, Dictionary<long, long?> owners, IEnumerable<long> faceIds, CancellationToken ct)
    {
        foreach (var chunk in faceIds.Chunk(ChunkSize))
        {
            var rows = await db.Faces
                .Where(face => chunk.Contains(face.Id))
                .Select(face => new { face.Id, face.PersonId })
                .ToListAsync(ct);
            foreach (var row in rows)
                owners[row.Id] = row.PersonId;
        }
    }

    /// <summary>The details of the faces for an answer; removed faces are missing.</summary>
    public static async Task<IReadOnlyDictionary<long, MatchedFace>> DescribeAsync(
        this IFaceSearchDbContext db, IEnumerable<long> faceIds, CancellationToken ct)
    {
        var faces = new Dictionary<long, MatchedFace>();
        foreach (var chunk in faceIds.Distinct().Chunk(ChunkSize))
        {
            var rows = await db.Faces.AsNoTracking()
                .Where(face => chunk.Contains(face.Id))
                .Select(face => new MatchedFace(
                    face.Id,
                    face.ImageId,
                    face.PersonId,
                    face.Person!.Name,
                    face.Image.Version,
                    face.ExternalId,
                    face.Tags.OrderBy(tag => tag.Tag).Select(tag => tag.Tag).ToList()))
                .ToListAsync(ct);
            foreach (var face in rows)
                faces[face.FaceId] = face;
        }

        return faces;
    }
}
