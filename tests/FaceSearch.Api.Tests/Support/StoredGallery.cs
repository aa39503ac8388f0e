using System.Net.Http.Json;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Support;

/// <summary>A face that a test needs in a collection.</summary>
/// <param name="X">A coordinate of the face; the distance of two faces is that of their points.</param>
/// <param name="Person">A name; null for a face without a person.</param>
internal sealed record WantedFace(float X, float Y = 0, string? Person = null, params string[] Tags)
{
    public Embedding Embedding
    {
        get
        {
            var values = new float[Embedding.StandardLength];
            (values[0], values[1]) = (X, Y);
            return new Embedding(values);
        }
    }
}

/// <summary>A collection written to a server's database and index without pictures, which is fast.</summary>
internal sealed class StoredGallery
{
    private static int made;

    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <summary>In the order of the requested faces.</summary>
    public required IReadOnlyList<Face> Faces { get; init; }

    public required IReadOnlyDictionary<string, Person> Persons { get; init; }

    public string IdOf(string person) => EntityId.Format(Persons[person].Id);

    public string IdOf(int face) => EntityId.Format(Faces[face].Id);

    public string Path(string rest) => $"/v1/collections/{Name}/{rest}";

    /// <param name="exclusions">The pairs of a face and the person it is not.</param>
    public static async Task<StoredGallery> StoreAsync(
        TestServer server, IReadOnlyList<WantedFace> wanted, params (string Person, int Face)[] exclusions)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var collection = new Collection
        {
            Name = $"c{Interlocked.Increment(ref made)}", Model = StandInEncoders.ModelName, CreatedAt = DateTime.UtcNow,
        };
        db.Collections.Add(collection);
        await db.SaveChangesAsync(default);

        var persons = wanted.Select(face => face.Person).Concat(exclusions.Select(of => of.Person)).OfType<string>().Distinct()
            .ToDictionary(name => name, name => new Person { CollectionId = collection.Id, Name = name });
        db.Persons.AddRange(persons.Values);
        var faces = wanted.Select(face => ToFace(collection, face, persons)).ToList();
        db.Faces.AddRange(faces);
        await db.SaveChangesAsync(default);

        db.FaceTags.AddRange(faces.Zip(wanted).SelectMany(pair => pair.Second.Tags.Distinct().Select(
            tag => new FaceTag { FaceId = pair.First.Id, Tag = tag })));
        db.PersonExclusions.AddRange(exclusions.Distinct().Select(of => new PersonExclusion
        {
            PersonId = persons[of.Person].Id, FaceId = faces[of.Face].Id, CreatedAt = DateTime.UtcNow,
        }));
        await db.SaveChangesAsync(default);

        GalleryFace[] added = [.. faces.Select(face => GalleryFace.Of(face))];
        await server.Services.GetRequiredService<IIndexChanges>()
            .CommittedAsync(new FacesAdded(collection.Id, collection.Model, added), CancellationToken.None);
        return new StoredGallery { Id = collection.Id, Name = collection.Name, Faces = faces, Persons = persons };
    }

    public Task<HttpResponseMessage> SearchAsync(HttpClient client, WantedFace probe, string query = "") =>
        client.PostAsJsonAsync(Path("search/embedding" + query), new { embedding = probe.Embedding.Values.ToArray() });

    private static Face ToFace(Collection collection, WantedFace face, Dictionary<string, Person> persons) => new()
    {
        CollectionId = collection.Id,
        Image = new Image
        {
            CollectionId = collection.Id,
            FileName = "x.png",
            Width = 640,
            Height = 480,
            Sha256 = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N"),
            Metadata = new ImageMetadata(null, null, null, null),
        },
        Person = face.Person is null ? null : persons[face.Person],
        Embeddings = { StandInEncoders.RowOf(face.Embedding) },
        AddedAt = DateTime.UtcNow,
    };
}
