using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

/// <summary>All stored data about an enrolled picture.</summary>
public sealed record GetFaceInfoQuery(string ImageId) : IQuery<Result<FaceInfo>>;

/// <param name="Person">Whose face was enrolled from the picture.</param>
/// <param name="Model">The model of the faces' embeddings; null for a picture without faces.</param>
public sealed record FaceInfo(
    long ImageId, string FileName, string? Person, int? Version, string Sha256, long Bytes, ImageFormat Format,
    int Width, int Height, ImageMetadata Metadata, DateTime AddedAt, string? Model,
    IReadOnlyList<FaceInfo.EnrolledFace> Faces)
{
    public sealed record EnrolledFace(long FaceId, BoundingBox Box);
}

/// <summary>All stored data about an enrolled picture of a collection.</summary>
public sealed record GetImageQuery(string Collection, string ImageId) : IQuery<Result<FaceInfo>>;

internal sealed class GetFaceInfoHandler(IFaceSearchDbContext db, ICaller caller)
    : IQueryHandler<GetFaceInfoQuery, Result<FaceInfo>>
{
    public async ValueTask<Result<FaceInfo>> Handle(GetFaceInfoQuery query, CancellationToken cancellationToken)
    {
        var image = await db.FindImageAsync(query.ImageId, cancellationToken);
        return image is null || !caller.MayUse(image.CollectionId)
            ? FaceErrors.ImageNotFound(query.ImageId)
            : image.Describe();
    }
}

internal sealed class GetImageHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<GetImageQuery, Result<FaceInfo>>
{
    public async ValueTask<Result<FaceInfo>> Handle(GetImageQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var image = await db.FindImageAsync(query.ImageId, cancellationToken);
        return image?.CollectionId == collection.Value ? image.Describe() : FaceErrors.ImageNotFound(query.ImageId);
    }
}

internal static class ImageLookup
{
    /// <summary>The picture with its faces and their persons; null when there is none, or the text is not an id.</summary>
    public static async Task<Image?> FindImageAsync(this IFaceSearchDbContext db, string imageId, CancellationToken ct) =>
        EntityId.Parse(imageId) is { } id
            ? await db.Images.AsNoTracking()
                .Include(image => image.Faces).ThenInclude(face => face.Person)
                .Include(image => image.Faces).ThenInclude(face => face.Collection)
                .FirstOrDefaultAsync(image => image.Id == id, ct)
            : null;

    public static FaceInfo Describe(this Image image)
    {
        var first = image.Faces.MinBy(face => face.Id);
        return new FaceInfo(
            image.Id, image.FileName, first?.Person?.Name, image.Version, image.Sha256, image.Bytes, image.Format,
            image.Width, image.Height, image.Metadata, image.AddedAt, first?.Collection.Model,
            [.. image.Faces.OrderBy(face => face.Id).Select(face => new FaceInfo.EnrolledFace(
                face.Id, face.Box.ClipTo(image.Width, image.Height)))]);
    }
}
