using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Enrolment;

/// <summary>A face of the picture that is enrolled already.</summary>
public sealed record KnownFace(DetectedFace Face, long FaceId);

/// <summary>A picture that the collection has already, byte for byte, with its enrolled faces.</summary>
internal sealed record KnownPicture(long ImageId, IReadOnlyList<KnownPicture.EnrolledBox> Enrolled)
{
    internal sealed record EnrolledBox(long FaceId, BoundingBox Box);

    /// <summary>Null when the collection does not have the picture.</summary>
    public static async Task<KnownPicture?> FindAsync(
        IFaceSearchDbContext db, long collectionId, string sha256, CancellationToken ct) =>
        await db.Images.AsNoTracking()
            .Where(image => image.CollectionId == collectionId && image.Sha256 == sha256)
            .Select(image => new KnownPicture(
                image.Id,
                image.Faces.OrderBy(face => face.Id).Select(face => new EnrolledBox(face.Id, face.Box)).ToList()))
            .FirstOrDefaultAsync(ct);

    /// <summary>The detected faces that are enrolled, also with the boxes of another detector, before a re-embedding.</summary>
    public IReadOnlyList<KnownFace> FindIn(DetectedPicture picture)
    {
        var places = FaceMatching.Match(
            [.. Enrolled.Select(face => face.Box.ClipTo(picture.Width, picture.Height))],
            [.. picture.Faces.Select(face => face.Box)],
            FaceMatching.MinOverlapOfDetectors);
        return [.. Enrolled.Zip(places)
            .Where(pair => pair.Second >= 0)
            .Select(pair => new KnownFace(picture.Faces[pair.Second], pair.First.FaceId))];
    }
}
