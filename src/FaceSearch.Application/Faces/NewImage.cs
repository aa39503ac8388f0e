using System.Security.Cryptography;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Images;
using FaceSearch.Domain.Persons;

namespace FaceSearch.Application.Faces;

/// <summary>A picture on its way into a collection, with the one face that will be enrolled from it.</summary>
/// <param name="Name">Its path in the archive, or the uploaded file's name; may be empty.</param>
public sealed record NewImage(
    string Name, ReadOnlyMemory<byte> Bytes, string Sha256, DetectedPicture Picture, Embedding Embedding,
    ImageMetadata Metadata)
{
    /// <summary>Lower-case hexadecimal.</summary>
    public static string HashOf(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes.Span));

    /// <summary>The picture and its largest face as rows, ready to be saved together.</summary>
    public Image ToImage(long collectionId, string model, Person? person, bool keepBytes, DateTime now)
    {
        var image = new Image
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
            Content = keepBytes ? new ImageContent { Data = Bytes.ToArray() } : null,
        };
        image.Faces.Add(new Face
        {
            CollectionId = collectionId,
            Person = person,
            Box = Picture.Faces[0].Box,
            Score = Picture.Faces[0].Score,
            Embedding = Embedding,
            Model = model,
            AddedAt = now,
        });
        return image;
    }

    private static string FileNameOf(string path)
    {
        var name = path.Replace('\\', '/').Split('/')[^1];
        return name.Length <= Image.FileNameMaxLength ? name : name[^Image.FileNameMaxLength..];
    }
}
