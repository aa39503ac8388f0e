using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

/// <summary>At start: which models the collections need.</summary>
public sealed record GetPinnedModelsQuery : IQuery<Result<PinnedModels>>;

internal sealed class GetPinnedModelsHandler(IFaceSearchDbContext db) : IQueryHandler<GetPinnedModelsQuery, Result<PinnedModels>>
{
    public async ValueTask<Result<PinnedModels>> Handle(GetPinnedModelsQuery query, CancellationToken cancellationToken)
    {
        var collections = db.Collections.AsNoTracking().Where(c => !c.Name.StartsWith(Collection.RemovedPrefix));
        return new PinnedModels(
            await collections.Where(c => c.Name == Collection.DefaultName).Select(c => c.Model).FirstOrDefaultAsync(cancellationToken),
            await collections.Select(c => c.Model).Distinct().OrderBy(model => model).ToListAsync(cancellationToken));
    }
}
