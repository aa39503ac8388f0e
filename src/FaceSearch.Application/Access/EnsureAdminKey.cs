using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Access;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>
/// At the first start: creates the admin key. Returns the key with its secret, or null when there are keys already.
/// </summary>
public sealed record EnsureAdminKeyCommand : ICommand<Result<string?>>;

internal sealed class EnsureAdminKeyHandler(IFaceSearchDbContext db, TimeProvider time)
    : ICommandHandler<EnsureAdminKeyCommand, Result<string?>>
{
    private const string Name = "admin";

    public async ValueTask<Result<string?>> Handle(EnsureAdminKeyCommand command, CancellationToken cancellationToken)
    {
        if (await db.ApiKeys.AnyAsync(cancellationToken))
            return (string?)null;

        var key = ApiKey.Issue(Name, AccessScopes.All, time.GetUtcNow().UtcDateTime, out var secret);
        db.ApiKeys.Add(key);
        return await db.TrySaveChangesAsync(cancellationToken) ? secret : null;
    }
}
