using System.Globalization;
using System.Threading.RateLimiting;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>
/// A token bucket per API key, and per address for callers without a known key. It runs before the body is read, so a
/// key in a form counts by the address, and before authorization, so refused calls count too. The concurrency limit of
/// pictures runs after it.
/// </summary>
internal sealed class RateLimitMiddleware : IDisposable
{
    private readonly RequestDelegate next;
    private readonly PartitionedRateLimiter<Caller> limiter;

    public RateLimitMiddleware(RequestDelegate next, IOptionsMonitor<RateLimitOptions> options)
    {
        this.next = next;
        var (usual, withoutKey) = (options.CurrentValue, options.Get(RateLimitOptions.WithoutKey));
        limiter = PartitionedRateLimiter.Create<Caller, string>(
            caller => caller.IsAuthenticated
                ? PartitionOf($"in {caller.Name}", usual)
                : PartitionOf($"out {caller.Name}", withoutKey),
            StringComparer.Ordinal);
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
        {
            await next(context);
            return;
        }

        using var lease = limiter.AttemptAcquire(await FindCallerAsync(context));
        if (lease.IsAcquired)
            await next(context);
        else
            await RefuseAsync(context, lease);
    }

    public void Dispose() => limiter.Dispose();

    /// <summary>In Development callers without a key are authenticated too.</summary>
    private static async Task<Caller> FindCallerAsync(HttpContext context)
    {
        var user = ApiKeyAuthenticationHandler.ReadsBody(context) ? null : (await context.AuthenticateAsync()).Principal;
        return new Caller(Callers.Of(user, context), user is not null);
    }

    private static Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ApiErrors.TooManyRequests.WriteAsync(context);
    }

    private static RateLimitPartition<string> PartitionOf(string caller, RateLimitOptions options) =>
        options.Requests == 0
            ? RateLimitPartition.GetNoLimiter(string.Empty)
            : RateLimitPartition.GetTokenBucketLimiter(caller, _ => BucketOf(options));

    private static TokenBucketRateLimiterOptions BucketOf(RateLimitOptions options) => new()
    {
        TokenLimit = options.Burst > 0 ? options.Burst : options.Requests,
        TokensPerPeriod = options.Requests,
        ReplenishmentPeriod = TimeSpan.FromSeconds(options.PeriodSeconds),
    };

    private sealed record Caller(string Name, bool IsAuthenticated);
}
