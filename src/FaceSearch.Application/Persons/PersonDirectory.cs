using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

public static class PersonDirectory
{
    /// <summary>
    /// The persons of these names by name; the missing ones are added to the context and saved with the caller's
    /// own changes.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, Person>> GetOrAddPersonsAsync(
        this IFaceSearchDbContext db, long collectionId, IEnumerable<string> names, CancellationToken ct)
    {
        var wanted = names.Distinct(StringComparer.Ordinal).ToArray();
        if (wanted.Length == 0)
            return new Dictionary<string, Person>();

        var persons = await db.Persons
            .Where(person => person.CollectionId == collectionId && wanted.Contains(person.Name))
            .ToDictionaryAsync(person => person.Name, StringComparer.Ordinal, ct);

        foreach (var name in wanted.Where(name => !persons.ContainsKey(name)))
        {
            var person = new Person { CollectionId = collectionId, Name = name };
            db.Persons.Add(person);
            persons.Add(name, person);
        }

        return persons;
    }
}
