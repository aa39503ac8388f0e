using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

/// <summary>All stored data about an enrolled picture.</summary>
public sealed record GetFaceInfoQuery(string ImageId) : IQuery<Result<FaceInfo>>;

/// <param name="Person">Whose face was enrolled from the picture.</param>
/// <param name="Model">The model the picture was enrolled by.</param>
public sealed record FaceInfo(
    long ImageId, string FileName, string? Person, int? Version, string Sha256, long Bytes, ImageFormat Format,
    int Width, int Height, ImageMetadata Metadata, DateTime AddedAt, string? Model,
    IReadOnlyList<FaceInfo.EnrolledFace> Faces)
{
    public sealed record EnrolledFace(long FaceId, BoundingBox Box);
}

internal sealed class GetFaceInfoHandler(IFaceSearchDbContext db, ICaller caller)
    : IQueryHandler<GetFaceInfoQuery, Result<FaceInfo>>
{
    public async ValueTask<Result<FaceInfo>> Handle(GetFaceInfoQuery query, CancellationToken cancellationToken)
    {
        if (EntityId.Parse(query.ImageId) is not { } id)
            return FaceErrors.ImageNotFound(query.ImageId);

        var image = await db.Images.AsNoTracking()
            .Include(i => i.Faces).ThenInclude(face => face.Person)
            .FirstOrDefaultAsync(i => i.Id == id, cancellationToken);
        return image is null || !caller.MayUse(image.CollectionId)
            ? FaceErrors.ImageNotFound(query.ImageId)
            : Describe(image);
    }

    private static FaceInfo Describe(Image image)
    {
        var first = image.Faces.MinBy(face => face.Id);
        return new FaceInfo(
            image.Id, image.FileName, first?.Person?.Name, image.Version, image.Sha256, image.Bytes, image.Format,
            image.Width, image.Height, image.Metadata, image.AddedAt, first?.Model,
            [.. image.Faces.OrderBy(face => face.Id).Select(face => new FaceInfo.EnrolledFace(
                face.Id, face.Box.ClipTo(image.Width, image.Height)))]);
    }
}
