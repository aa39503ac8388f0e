using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

public sealed record GetFaceQuery(string Collection, string FaceId, bool WithEmbedding) : IQuery<Result<FaceDetails>>;

internal sealed class GetFaceHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<GetFaceQuery, Result<FaceDetails>>
{
    public async ValueTask<Result<FaceDetails>> Handle(GetFaceQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;
        if (EntityId.Parse(query.FaceId) is not { } id)
            return FaceErrors.NotFound(query.FaceId);

        var faces = db.Faces.AsNoTracking().Where(face => face.CollectionId == collection.Value && face.Id == id);
        var found = await faces.Select(FaceDetails.Projection).FirstOrDefaultAsync(cancellationToken);
        if (found is null || !query.WithEmbedding)
            return found is null ? FaceErrors.NotFound(query.FaceId) : found;

        var embedding = await faces
            .SelectMany(face => face.Embeddings.Where(of => of.Model == found.Model)).Select(of => of.Embedding)
            .FirstOrDefaultAsync(cancellationToken);
        return embedding is null ? FaceErrors.NotFound(query.FaceId) : found with { Embedding = embedding };
    }
}
