using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using Mediator;

namespace FaceSearch.Application.Access;

/// <summary>An API key, without its secret.</summary>
/// <param name="KeyId">The caller's own key when null.</param>
public sealed record GetApiKeyQuery(string? KeyId) : IQuery<Result<ApiKeyResult>>;

internal sealed class GetApiKeyHandler(IFaceSearchDbContext db, ICaller caller)
    : IQueryHandler<GetApiKeyQuery, Result<ApiKeyResult>>
{
    public async ValueTask<Result<ApiKeyResult>> Handle(GetApiKeyQuery query, CancellationToken cancellationToken)
    {
        var id = (query.KeyId is null ? caller.KeyId : EntityId.Parse(query.KeyId)) ?? 0;
        var found = await db.ApiKeys.Where(key => key.Id == id).ReadResultsAsync(db, cancellationToken);
        return found is [var key]
            ? key
            : AccessErrors.KeyNotFound(query.KeyId ?? EntityId.Format(id));
    }
}
