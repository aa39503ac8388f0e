using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Persons;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Enrolment;

/// <summary>Stores the faces of one picture: with the picture, or with one that the collection has already.</summary>
internal sealed class EnrolmentWriter(IFaceSearchDbContext db, IOptions<EnrolmentOptions> options, TimeProvider time)
{
    /// <returns>
    /// The stored faces with their picture; null on a conflict. Then another client has changed what was read: the picture,
    /// its faces, a person, an external id or the collection's model.
    /// </returns>
    public async Task<IReadOnlyList<Face>?> TryAddAsync(
        CollectionContext collection, EnrolFacesCommand command, NewImage picture, KnownPicture? known, CancellationToken ct)
    {
        if (known is null)
            return await TryAddAsync(collection, command, picture, (Image?)null, ct);

        IReadOnlyList<Face>? added = null;
        await db.InTransactionAsync(
            async () => await FindUnchangedAsync(collection, known, ct) is { } image
                && (added = await TryAddAsync(collection, command, picture, image, ct)) is not null,
            ct);
        return added;
    }

    /// <param name="image">The picture's row; null to add it.</param>
    private async Task<IReadOnlyList<Face>?> TryAddAsync(
        CollectionContext collection, EnrolFacesCommand command, NewImage picture, Image? image, CancellationToken ct)
    {
        var model = collection.Encoder.Model;
        var now = time.GetUtcNow().UtcDateTime;
        var person = await FindPersonAsync(collection.Id, command, picture, ct);
        var faces = picture.ToFaces(collection.Id, model, face => Names(command, picture, face) ? person : null, now);
        foreach (var face in faces)
        {
            face.ExternalId = command.ExternalId;
            face.SetTags(command.Tags);
        }

        if (image is null)
            db.Images.Add(image = picture.ToImage(collection.Id, options.Value.KeepPictures, now));
        else
            await RenewAsync(image, picture, ct);
        foreach (var face in faces)
            image.Faces.Add(face);

        return await db.TrySaveChangesAsync(ct) ? faces : null;
    }

    /// <summary>
    /// The picture's row, when its faces are still those that were read. With the collection's exclusive lock, so that two
    /// clients don't enrol the same face of it.
    /// </summary>
    private async Task<Image?> FindUnchangedAsync(CollectionContext collection, KnownPicture known, CancellationToken ct)
    {
        if (await db.LockCollectionAsync(collection.Id, toChange: true, ct) is not { } locked
            || locked.Model != collection.Encoder.Model)
            return null;

        var image = await db.Images.Include(row => row.Faces).SingleOrDefaultAsync(row => row.Id == known.ImageId, ct);
        return image?.Faces.Select(face => face.Id).Order().SequenceEqual(known.Enrolled.Select(face => face.FaceId)) is true
            ? image
            : null;
    }

    /// <summary>
    /// The picture's bytes are stored again if they were erased. Running re-embeddings that have failed on the picture try it
    /// again, with its further faces.
    /// </summary>
    private async Task RenewAsync(Image image, NewImage picture, CancellationToken ct)
    {
        if (options.Value.KeepPictures && !await db.Images.AnyAsync(row => row.Id == image.Id && row.Content != null, ct))
            image.Content = picture.ToContent();

        await db.EnrolmentItems
            .Where(item => item.ImageId == image.Id)
            .Where(item => db.EnrolmentJobs.Reembeddings().Unfinished().Any(job => job.Id == item.JobId))
            .ExecuteDeleteAsync(ct);
    }

    private async Task<Person?> FindPersonAsync(
        long collectionId, EnrolFacesCommand command, NewImage picture, CancellationToken ct)
    {
        var name = command.Person ?? PictureName.Parse(picture.Name).Person;
        if (name is null || !picture.Faces.Any(face => Names(command, picture, face.Face)))
            return null;

        return (await db.GetOrAddPersonsAsync(collectionId, [name], ct))[name];
    }

    /// <summary>
    /// Whether the name is this face's. A picture's name is that of its main face. A name that the caller gives for one face
    /// is that face's.
    /// </summary>
    private static bool Names(EnrolFacesCommand command, NewImage picture, DetectedFace face) =>
        command.PersonFor == PersonFor.All
        || ReferenceEquals(face, picture.Picture.Main)
        || (command.Person is not null && command.Faces != FacesToEnrol.All);
}
