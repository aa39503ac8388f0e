using System.Globalization;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Quality;
using FaceSearch.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Transfer;

internal sealed record SamplePicture(bool IsKept, bool HasMetadata, int Version, SampleFace[] Faces);

/// <param name="Place">The number of its embedding; several faces have the same embedding.</param>
/// <param name="Person">The index of the person; without a person when there are fewer.</param>
internal sealed record SampleFace(
    int Place, int Person, bool HasExternalId, bool HasQuality, string[] Tags, int[] Exclusions, float Score);

internal sealed record SampleCollection(string[] Persons, SamplePicture[] Pictures);

/// <summary>Collections with everything a face can have, written straight to the database.</summary>
internal static class SampleCollections
{
    private static readonly Dictionary<ImageFormat, byte[]> Signatures = new()
    {
        [ImageFormat.Jpeg] = [0xFF, 0xD8, 0xFF],
        [ImageFormat.Png] = [0x89, .. "PNG\r\n\u001A\n"u8],
        [ImageFormat.Webp] = [.. "RIFF0000WEBP"u8],
        [ImageFormat.Gif] = [.. "GIF89a"u8],
        [ImageFormat.Bmp] = [.. "BM"u8],
    };

    private static readonly string[] Words = ["José", "王秀英", "o'Brien", "\"quoted\"", "تی\u200Cشرت", "emoji 😀", "Ada", "ada"];

    public static Gen<SampleCollection> Any { get; } =
        from persons in Gen.SubListOf(Words)
        from pictures in Gen.ListOf(Picture)
        select new SampleCollection([.. persons], [.. pictures.Take(40)]);

    private static Gen<SamplePicture> Picture =>
        from isKept in ArbMap.Default.GeneratorFor<bool>()
        from hasMetadata in ArbMap.Default.GeneratorFor<bool>()
        from version in Gen.Choose(0, 3)
        from faces in Gen.ListOf(Face)
        select new SamplePicture(isKept, hasMetadata, version, faces.Count == 0 ? [Only] : [.. faces.Take(4)]);

    private static Gen<SampleFace> Face =>
        from place in Gen.Choose(0, 4)
        from person in Gen.Choose(0, 9)
        from hasExternalId in ArbMap.Default.GeneratorFor<bool>()
        from hasQuality in ArbMap.Default.GeneratorFor<bool>()
        from tags in Gen.SubListOf(Words)
        from exclusions in Gen.SubListOf(0, 1, 2, 3)
        from score in ArbMap.Default.GeneratorFor<float>()
        select new SampleFace(place, person, hasExternalId, hasQuality, [.. tags], [.. exclusions], float.IsFinite(score) ? score : 1);

    private static SampleFace Only => new(1, 0, false, false, [], [], 0.5f);

    /// <summary>Stores the sample as a collection of this name and makes it searchable at the server.</summary>
    public static async Task<long> StoreAsync(this TestServer server, string name, SampleCollection sample)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var collection = new Collection { Name = name, Model = StandInEncoders.ModelName, CreatedAt = DateTime.UtcNow };
        db.Collections.Add(collection);
        await db.SaveChangesAsync(CancellationToken.None);
        var persons = Array.ConvertAll(sample.Persons, person => new Person { CollectionId = collection.Id, Name = person });
        db.Persons.AddRange(persons);
        await db.SaveChangesAsync(CancellationToken.None);
        foreach (var (index, picture) in sample.Pictures.Index())
        {
            var image = ToImage(collection.Id, name, index, picture);
            var faces = picture.Faces.Select((face, place) => ToFace(collection.Id, $"{index}.{place}", face, persons)).ToArray();
            foreach (var face in faces)
                image.Faces.Add(face);
            db.Images.Add(image);
            await db.SaveChangesAsync(CancellationToken.None);
            db.PersonExclusions.AddRange(picture.Faces.Zip(faces).SelectMany(pair => pair.First.Exclusions
                .Where(excluded => excluded < persons.Length)
                .Select(excluded => new PersonExclusion
                {
                    PersonId = persons[excluded].Id,
                    FaceId = pair.Second.Id,
                    CreatedAt = At(excluded),
                })));
            await db.SaveChangesAsync(CancellationToken.None);
            GalleryFace[] added = [.. faces.Select(face => GalleryFace.Of(face))];
            await server.Services.GetRequiredService<IIndexChanges>().CommittedAsync(
                new FacesAdded(collection.Id, StandInEncoders.ModelName, added), CancellationToken.None);
        }

        return collection.Id;
    }

    /// <summary>All data of a collection except the ids, one line per item, in the order of ids.</summary>
    public static async Task<string[]> DescribeAsync(this TestServer server, string name, bool withPictures = true)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var collection = await db.Collections.AsNoTracking().SingleAsync(c => c.Name == name);
        var persons = await db.Persons.AsNoTracking().Where(p => p.CollectionId == collection.Id).OrderBy(p => p.Id).ToListAsync();
        var faces = await db.Faces.AsNoTracking().Where(f => f.CollectionId == collection.Id).OrderBy(f => f.Id)
            .Include(f => f.Embeddings).Include(f => f.Tags).Include(f => f.Person).Include(f => f.Image).ThenInclude(i => i.Content).ToListAsync();
        var exclusions = await db.PersonExclusions.AsNoTracking().ToListAsync();
        return
        [
            collection.Model,
            .. persons.Select(person => person.Name),
            .. faces.Select(face => Describe(face, withPictures, exclusions
                .Where(e => e.FaceId == face.Id)
                .Select(e => $"{persons.Single(p => p.Id == e.PersonId).Name} {e.CreatedAt:O}"))),
        ];
    }

    /// <summary>The results of searches; faces by their index in the order of ids.</summary>
    public static async Task<string[]> SearchAsync(this TestServer server, string name)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        var collection = await db.Collections.AsNoTracking().SingleAsync(c => c.Name == name);
        var ids = await db.Faces.Where(f => f.CollectionId == collection.Id).OrderBy(f => f.Id).Select(f => f.Id).ToListAsync();
        var index = await server.Services.GetRequiredService<IFaceGallery>().OpenAsync(collection.Id, collection.Model, default);
        var probes = Enumerable.Range(0, 5).Select(place => StandInEncoders.EmbeddingOf(place + 0.1f)).ToArray();
        var answers = await index.SearchAsync(probes, 1000, 4, null, default);
        return [.. answers.Select(matches => string.Join(' ', matches.Select(
            match => string.Create(CultureInfo.InvariantCulture, $"{ids.IndexOf(match.FaceId)}:{match.Distance:R}"))))];
    }

    private static string Describe(Face face, bool withPictures, IEnumerable<string> exclusions)
    {
        var image = face.Image;
        var content = withPictures && image.Content is { } kept ? Convert.ToHexString(kept.Data) : "-";
        var of = face.Embeddings.Single();
        var embedding = string.Join(',', of.Embedding.Values[..4].ToArray().Select(BitConverter.SingleToInt32Bits));
        return string.Create(CultureInfo.InvariantCulture, $"""
            {image.FileName} {image.Version} {image.Sha256} {image.Bytes} {image.Format} {image.Width}x{image.Height} {image.Metadata} {image.AddedAt:O} {content}
            {face.Person?.Name} {face.ExternalId} [{string.Join(';', face.Tags.Select(tag => tag.Tag).Order(StringComparer.Ordinal))}] {face.Box} {face.Score:R}
            {face.Quality} {embedding} {of.Model} {face.AddedAt:O} [{string.Join(';', exclusions.Order(StringComparer.Ordinal))}]
            """);
    }

    private static Image ToImage(long collectionId, string name, int index, SamplePicture picture)
    {
        var format = (ImageFormat)(1 + index % 5);
        byte[] bytes = [.. Signatures[format], .. Encoding.UTF8.GetBytes($"{name} {index}")];
        return new Image
        {
            CollectionId = collectionId,
            FileName = $"Bild {index} é.jpg",
            Version = picture.Version == 0 ? null : picture.Version,
            Sha256 = Application.Enrolment.NewImage.HashOf(bytes),
            Bytes = bytes.Length,
            Format = format,
            Width = 100 + index,
            Height = 200,
            Metadata = picture.HasMetadata ? new ImageMetadata(At(index), "Kamera 😀", -12.25 - index % 70, 1e-7 * index) : new ImageMetadata(null, null, null, null),
            AddedAt = At(index),
            Content = picture.IsKept ? new ImageContent { Data = bytes } : null,
        };
    }

    private static Face ToFace(long collectionId, string id, SampleFace face, Person[] persons)
    {
        var made = new Face
        {
            CollectionId = collectionId,
            Person = face.Person < persons.Length ? persons[face.Person] : null,
            ExternalId = face.HasExternalId ? id : null,
            Box = new BoundingBox(face.Place, 4, 50, 60),
            Score = face.Score,
            Quality = face.HasQuality ? new FaceQuality(face.Score, 1.1f, -2.5f, 0, 3) : null,
            Embeddings = { StandInEncoders.RowOf(face.Place) },
            AddedAt = At(face.Place),
        };
        foreach (var tag in face.Tags)
            made.Tags.Add(new FaceTag { Tag = tag });
        return made;
    }

    private static DateTime At(int minutes) =>
        new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddMinutes(minutes).AddMicroseconds(123_456);
}
