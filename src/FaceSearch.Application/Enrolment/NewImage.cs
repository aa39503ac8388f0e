using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;

namespace FaceSearch.Application.Enrolment;

/// <summary>A face to enrol.</summary>
public sealed record NewFace(DetectedFace Face, Embedding Embedding);

/// <summary>A picture to enrol, with its faces to enrol.</summary>
/// <param name="Name">Its path in the archive, or the uploaded file's name; may be empty.</param>
public sealed record NewImage(
    string Name, ReadOnlyMemory<byte> Bytes, string Sha256, DetectedPicture Picture, IReadOnlyList<NewFace> Faces,
    ImageMetadata Metadata)
{
    /// <summary>With the picture's main face alone; the picture has a face.</summary>
    public NewImage(
        string name, ReadOnlyMemory<byte> bytes, string sha256, DetectedPicture picture, Embedding embedding,
        ImageMetadata metadata)
        : this(name, bytes, sha256, picture, [new NewFace(picture.Main!, embedding)], metadata)
    {
    }

    /// <summary>Lower-case hexadecimal.</summary>
    public static string HashOf(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes.Span));

    /// <summary>The picture as a row, without its faces.</summary>
    public Image ToImage(long collectionId, bool keepBytes, DateTime now) => new()
    {
        CollectionId = collectionId,
        FileName = FileNameOf(Name),
        Version = PictureName.Parse(Name).Version,
        Sha256 = Sha256,
        Bytes = Bytes.Length,
        Format = Picture.Format,
        Width = Picture.Width,
        Height = Picture.Height,
        Metadata = Metadata,
        AddedAt = now,
        Content = keepBytes ? ToContent() : null,
    };

    public ImageContent ToContent() => new() { Data = ToArray(Bytes) };

    /// <summary>The faces as rows.</summary>
    /// <param name="personOf">Whose face it is; null for no person.</param>
    public IReadOnlyList<Face> ToFaces(long collectionId, string model, Func<DetectedFace, Person?> personOf, DateTime now) =>
    [
        .. Faces.Select(added => new Face
        {
            CollectionId = collectionId,
            Person = personOf(added.Face),
            Box = added.Face.Box,
            Score = added.Face.Score,
            Quality = added.Face.Quality,
            AddedAt = now,
            Embeddings = { new FaceEmbedding { Model = model, Embedding = added.Embedding } },
        }),
    ];

    /// <summary>The picture and its faces as rows, ready to be saved together.</summary>
    /// <param name="person">The person of the faces; null for none.</param>
    public Image ToImage(long collectionId, string model, Person? person, bool keepBytes, DateTime now)
    {
        var image = ToImage(collectionId, keepBytes, now);
        foreach (var face in ToFaces(collectionId, model, _ => person, now))
            image.Faces.Add(face);

        return image;
    }

    /// <summary>The backing array itself if the memory covers all of it, to avoid a copy of a large picture.</summary>
    private static byte[] ToArray(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Array is { } array && array.Length == bytes.Length
            ? array
            : bytes.ToArray();

    /// <summary>The stored form of a file's name, which a path may end with.</summary>
    public static string FileNameOf(string path)
    {
        var name = FieldText.Clean(path.Replace('\\', '/').Split('/')[^1]);
        return name.Length <= Image.FileNameMaxLength ? name : name[^Image.FileNameMaxLength..];
    }
}
