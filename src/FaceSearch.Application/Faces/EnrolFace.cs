using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Images;
using FaceSearch.Domain.Persons;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Faces;

/// <summary>Enrols the largest face of a picture; it is searchable when the answer comes.</summary>
/// <param name="FileName">Names the person when it is LFW-style: <c>Aaron_Eckhart_0001.jpg</c>; may be empty.</param>
public sealed record EnrolFaceCommand(string Collection, ReadOnlyMemory<byte> Picture, string FileName)
    : ICommand<Result<EnrolFaceResult>>;

/// <param name="Skipped">The other faces of the picture, which were not enrolled.</param>
public sealed record EnrolFaceResult(
    long FaceId, long ImageId, BoundingBox Box, float Score, string? Person, int? Version, string Model,
    IReadOnlyList<DetectedFace> Skipped);

internal sealed class EnrolFaceHandler(
    IFaceSearchDbContext db,
    CollectionDirectory collections,
    IFaceEncoders encoders,
    IImageMetadataReader metadataReader,
    IFaceGallery gallery,
    IOptions<EnrolmentOptions> options,
    TimeProvider time)
    : ICommandHandler<EnrolFaceCommand, Result<EnrolFaceResult>>
{
    public async ValueTask<Result<EnrolFaceResult>> Handle(
        EnrolFaceCommand command, CancellationToken cancellationToken)
    {
        var found = await collections.FindAsync(command.Collection, cancellationToken);
        if (found.Error is { } noCollection)
            return noCollection;

        var collection = found.Value;
        var hash = NewImage.HashOf(command.Picture);
        if (await FindDuplicateAsync(collection.Id, hash, cancellationToken) is { } duplicate)
            return duplicate;

        var encoded = await encoders.EncodeAsync(
            collection.Encoder, command.Picture, FaceChoice.Largest, cancellationToken);
        if (encoded.Error is { } unreadable)
            return unreadable;
        if (encoded.Value.Embeddings is not [var embedding])
            return FaceErrors.NoFace;

        var picture = new NewImage(
            command.FileName, command.Picture, hash, encoded.Value.Picture, embedding,
            metadataReader.Read(command.Picture));
        return await SaveAsync(collection, picture, cancellationToken)
            ?? await Handle(command, cancellationToken);
    }

    /// <summary>
    /// Tries again when somebody else added the same person, or the same picture, in the meantime: then the second
    /// look finds it.
    /// </summary>
    /// <returns>Null when the collection has got another model meanwhile: the face has to be embedded anew.</returns>
    private async Task<Result<EnrolFaceResult>?> SaveAsync(
        CollectionContext collection, NewImage picture, CancellationToken ct)
    {
        while (true)
        {
            var name = PictureName.Parse(picture.Name);
            var persons = await db.GetOrAddPersonsAsync(collection.Id, name.Person is null ? [] : [name.Person], ct);
            var person = name.Person is null ? null : persons[name.Person];

            var image = picture.ToImage(
                collection.Id, collection.Encoder.Model, person, options.Value.KeepPictures,
                time.GetUtcNow().UtcDateTime);
            db.Images.Add(image);
            if (await db.TrySaveChangesAsync(ct))
                return Publish(collection, picture, image);
            if (await FindDuplicateAsync(collection.Id, picture.Sha256, ct) is { } duplicate)
                return duplicate;

            if (await collections.HasMovedOnAsync(collection, ct))
                return null;
        }
    }

    private EnrolFaceResult Publish(CollectionContext collection, NewImage picture, Image image)
    {
        var face = image.Faces.Single();
        gallery.Add(collection.Id, collection.Encoder.Model, [new GalleryFace(face.Id, face.Embedding)]);
        return new EnrolFaceResult(
            face.Id, image.Id, face.Box, face.Score, face.Person?.Name, image.Version, face.Model,
            [.. picture.Picture.Faces.Skip(1)]);
    }

    private async Task<Error?> FindDuplicateAsync(long collectionId, string hash, CancellationToken ct)
    {
        var existing = await db.Images.AsNoTracking()
            .Where(image => image.CollectionId == collectionId && image.Sha256 == hash)
            .Select(image => new { image.Id, FaceId = image.Faces.Min(face => (long?)face.Id) })
            .FirstOrDefaultAsync(ct);
        return existing is null ? null : FaceErrors.Duplicate(existing.Id, existing.FaceId);
    }
}
