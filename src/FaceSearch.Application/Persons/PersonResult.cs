using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <param name="Faces">How many enrolled faces are this person's.</param>
/// <param name="SampleFaceId">One of them, the first enrolled; null when there is none.</param>
/// <param name="Version">Grows with every change of the person's own row.</param>
public sealed record PersonResult(long Id, string Name, int Faces, long? SampleFaceId, int Version)
{
    /// <summary>Changes whenever another field changes.</summary>
    public string Tag => ResourceTag.Of(Version, Faces, SampleFaceId);
}

internal static class PersonLookup
{
    public static IQueryable<PersonResult> ToResults(this IQueryable<Person> persons, IFaceSearchDbContext db) =>
        persons.Select(person => new PersonResult(
            person.Id,
            person.Name,
            db.Faces.Count(face => face.PersonId == person.Id),
            db.Faces.Where(face => face.PersonId == person.Id).Min(face => (long?)face.Id),
            person.Version));

    /// <summary>The tag of a person whose version was this, with its faces as they are now.</summary>
    public static async Task<string> TagOfAsync(
        this IFaceSearchDbContext db, Person person, int version, CancellationToken ct)
    {
        var found = await db.Persons.AsNoTracking().Where(row => row.Id == person.Id).ToResults(db).FirstOrDefaultAsync(ct);
        return found is null ? string.Empty : (found with { Version = version }).Tag;
    }

    /// <summary>Matches no row when the text is not an id.</summary>
    public static IQueryable<Person> PersonsOf(this IFaceSearchDbContext db, long collectionId, string personId)
    {
        var id = EntityId.Parse(personId) ?? 0;
        return db.Persons.Where(person => person.CollectionId == collectionId && person.Id == id);
    }

    /// <summary>
    /// Increments the person's version as the first statement of a transaction. The row lock keeps other transactions
    /// from changing the person or adding a face to it.
    /// </summary>
    /// <returns>Whether the person exists.</returns>
    public static async Task<bool> LockPersonAsync(
        this IFaceSearchDbContext db, long collectionId, long personId, CancellationToken ct) =>
        await db.Persons
            .Where(person => person.CollectionId == collectionId && person.Id == personId)
            .ExecuteUpdateAsync(set => set.SetProperty(person => person.Version, person => person.Version + 1), ct) == 1;
}
