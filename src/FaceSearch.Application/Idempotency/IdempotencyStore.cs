using System.Security.Cryptography;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Idempotency;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Application.Idempotency;

/// <summary>
/// Stores the requests with an idempotency key and their answers. Requests with the same key are handled one at a time
/// until one has been answered. Later ones get the stored answer. Thread-safe, also between processes.
/// </summary>
public sealed class IdempotencyStore(IServiceScopeFactory scopes)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    /// <summary>How often the process that handles a request renews its claim.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(10);

    /// <summary>The timeout after which a claim without renewal expires, and a retry is handled again.</summary>
    public static readonly TimeSpan ClaimTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Begins a request, unless it is in flight or has been answered.</summary>
    /// <returns>
    /// A claim, which the caller must complete or release; or the stored answer; or neither when the request is in
    /// flight.
    /// </returns>
    public async Task<(IdempotencyClaim? Claim, IdempotentRequest? Answered)> BeginAsync(
        long keyId, string key, CancellationToken ct)
    {
        var claim = new IdempotencyClaim(keyId, key, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        while (true)
        {
            var known = await db.IdempotentRequests.AsNoTracking()
                .FirstOrDefaultAsync(request => request.ApiKeyId == keyId && request.Key == key, ct);
            if (known is null)
            {
                if (await db.InTransactionAsync(() => TryAddAsync(db, claim, ct), ct))
                    return (claim, null);
                continue;
            }

            if (await TakeOverAsync(db, claim, known.RequestHash, ct))
                return (claim, null);

            return known.Status is null ? (null, null) : (null, known);
        }
    }

    /// <summary>Renews the claim.</summary>
    /// <returns>False when another process has taken over the request.</returns>
    public async Task<bool> RenewAsync(IdempotencyClaim claim, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await RenewAsync(claim, scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>(), ct);
    }

    /// <summary>Stores the answer; without effect when another process has taken over the request.</summary>
    public async Task CompleteAsync(IdempotencyClaim claim, string requestHash, IdempotentAnswer answer, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await ClaimedBy(claim, scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>()).ExecuteUpdateAsync(
            set => set
                .SetProperty(request => request.RequestHash, requestHash)
                .SetProperty(request => request.CreatedAt, _ => DateTime.UtcNow)
                .SetProperty(request => request.Status, answer.Status)
                .SetProperty(request => request.ContentType, answer.ContentType)
                .SetProperty(request => request.Location, answer.Location)
                .SetProperty(request => request.ETag, answer.ETag)
                .SetProperty(request => request.Body, answer.Body),
            ct);
    }

    /// <summary>Releases the key: the request has no answer to replay, and a retry is handled again.</summary>
    public async Task ReleaseAsync(IdempotencyClaim claim, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await ClaimedBy(claim, scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>()).ExecuteDeleteAsync(ct);
    }

    private static async Task<bool> TryAddAsync(IFaceSearchDbContext db, IdempotencyClaim claim, CancellationToken ct)
    {
        db.IdempotentRequests.Add(claim.ToRequest());
        return await db.TrySaveChangesAsync(ct) && await RenewAsync(claim, db, ct);
    }

    /// <summary>By the database's clock, as those of the processes may differ.</summary>
    private static async Task<bool> RenewAsync(IdempotencyClaim claim, IFaceSearchDbContext db, CancellationToken ct) =>
        await ClaimedBy(claim, db)
            .ExecuteUpdateAsync(set => set.SetProperty(request => request.CreatedAt, _ => DateTime.UtcNow), ct) == 1;

    /// <summary>Takes over a key whose answer or claim has expired, by the database's clock.</summary>
    private static async Task<bool> TakeOverAsync(
        IFaceSearchDbContext db, IdempotencyClaim claim, string oldHash, CancellationToken ct)
    {
        double kept = -Retention.TotalSeconds, patience = -ClaimTimeout.TotalSeconds;
        return await db.IdempotentRequests
            .Where(request => request.ApiKeyId == claim.KeyId && request.Key == claim.Key && request.RequestHash == oldHash)
            .Where(request => request.Status == null
                ? request.CreatedAt < DateTime.UtcNow.AddSeconds(patience)
                : request.CreatedAt < DateTime.UtcNow.AddSeconds(kept))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(request => request.RequestHash, claim.Token)
                    .SetProperty(request => request.CreatedAt, _ => DateTime.UtcNow)
                    .SetProperty(request => request.Status, (int?)null)
                    .SetProperty(request => request.Body, (byte[]?)null),
                ct) == 1;
    }

    private static IQueryable<IdempotentRequest> ClaimedBy(IdempotencyClaim claim, IFaceSearchDbContext db) =>
        db.IdempotentRequests.Where(request =>
            request.ApiKeyId == claim.KeyId && request.Key == claim.Key && request.RequestHash == claim.Token);
}

/// <summary>The claim of the process that handles a request.</summary>
/// <param name="KeyId">The caller's API key; 0 for callers without one.</param>
/// <param name="Token">A random token that identifies the claim.</param>
public sealed record IdempotencyClaim(long KeyId, string Key, string Token)
{
    /// <summary>Expired: the database sets the time in the same transaction.</summary>
    internal IdempotentRequest ToRequest() =>
        new() { ApiKeyId = KeyId, Key = Key, RequestHash = Token, CreatedAt = DateTime.UnixEpoch };
}

/// <summary>The answer to a repeated request.</summary>
/// <param name="Body">Null when there is none, or when it must not be stored.</param>
public sealed record IdempotentAnswer(int Status, string? ContentType, string? Location, string? ETag, byte[]? Body);
