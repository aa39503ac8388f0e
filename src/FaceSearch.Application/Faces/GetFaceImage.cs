using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using Mediator;

namespace FaceSearch.Application.Faces;

/// <summary>The picture that a face was enrolled from, unchanged.</summary>
public sealed record GetFaceImageQuery(string Collection, string FaceId) : IQuery<Result<FaceImage>>;

public sealed record FaceImage(byte[] Bytes, ImageFormat Format, string Sha256);

internal sealed class GetFaceImageHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<GetFaceImageQuery, Result<FaceImage>>
{
    public async ValueTask<Result<FaceImage>> Handle(GetFaceImageQuery query, CancellationToken cancellationToken)
    {
        var kept = await collections.FindPictureAsync(db, query.Collection, query.FaceId, cancellationToken);
        return kept.Error is { } error ? error : new FaceImage(kept.Value.Bytes, kept.Value.Format, kept.Value.Sha256);
    }
}
