using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Access;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>The key is refused from now on; by other processes within two seconds.</summary>
public sealed record RevokeApiKeyCommand(string KeyId) : ICommand<Result<Unit>>;

internal sealed class RevokeApiKeyHandler(IFaceSearchDbContext db, ApiKeyCache verified)
    : ICommandHandler<RevokeApiKeyCommand, Result<Unit>>
{
    public async ValueTask<Result<Unit>> Handle(RevokeApiKeyCommand command, CancellationToken cancellationToken)
    {
        if (EntityId.Parse(command.KeyId) is not { } id)
            return AccessErrors.KeyNotFound(command.KeyId);

        Error? refused = null;
        await db.InTransactionAsync(
            async () =>
            {
                refused = await RevokeAsync(id, cancellationToken);
                return refused is null;
            },
            cancellationToken);
        verified.Forget();
        return refused is null ? Unit.Value : refused;
    }

    private async Task<Error?> RevokeAsync(long id, CancellationToken ct)
    {
        // All of them are locked first, so that the last two can't be revoked at the same time.
        var lasting = db.ApiKeys.Where(key =>
            (key.Scopes & AccessScopes.Admin) != 0 && key.ExpiresAt == null && !key.Collections.Any());
        await lasting.ExecuteUpdateAsync(set => set.SetProperty(key => key.Scopes, key => key.Scopes), ct);
        var ids = await lasting.Select(key => key.Id).ToListAsync(ct);
        if (ids is [var only] && only == id)
            return AccessErrors.LastAdminKey;

        var deleted = await db.ApiKeys.Where(key => key.Id == id).ExecuteDeleteAsync(ct);
        return deleted == 0 ? AccessErrors.KeyNotFound(EntityId.Format(id)) : null;
    }
}
