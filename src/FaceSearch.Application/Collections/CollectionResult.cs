using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;

namespace FaceSearch.Application.Collections;

/// <param name="Model">The model of all embeddings of the collection.</param>
/// <param name="Faces">Enrolled faces.</param>
public sealed record CollectionResult(long Id, string Name, string Model, int Faces, int Persons, DateTime CreatedAt)
{
    internal static IQueryable<CollectionResult> From(IQueryable<Collection> collections, IFaceSearchDbContext db) =>
        collections.Select(collection => new CollectionResult(
            collection.Id,
            collection.Name,
            collection.Model,
            db.Faces.Count(face => face.CollectionId == collection.Id),
            db.Persons.Count(person => person.CollectionId == collection.Id),
            collection.CreatedAt));
}
