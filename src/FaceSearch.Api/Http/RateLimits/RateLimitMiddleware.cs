using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using FaceSearch.Api.Http.Problems;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>
/// A token bucket per API key, and per address for callers without a known key. It runs before authorization, so
/// refused calls count too. The concurrency limit of pictures runs after it.
/// </summary>
internal sealed class RateLimitMiddleware(RequestDelegate next, IOptions<RateLimitOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> limiter = PartitionedRateLimiter.Create<HttpContext, string>(
        context => RateLimitPartition.GetTokenBucketLimiter(CallerOf(context), _ => BucketOf(options.Value)),
        StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
        {
            await next(context);
            return;
        }

        using var lease = limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
            await next(context);
        else
            await RefuseAsync(context, lease);
    }

    public void Dispose() => limiter.Dispose();

    private static Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var told) ? told : TimeSpan.FromSeconds(1);
        var seconds = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return ApiErrors.TooManyRequests.WriteAsync(context);
    }

    private static TokenBucketRateLimiterOptions BucketOf(RateLimitOptions options) => new()
    {
        TokenLimit = options.Burst > 0 ? options.Burst : options.Requests,
        TokensPerPeriod = options.Requests,
        ReplenishmentPeriod = TimeSpan.FromSeconds(options.PeriodSeconds),
    };

    private static string CallerOf(HttpContext context) =>
        context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? NetworkOf(context.Connection.RemoteIpAddress);

    /// <summary>IPv6 callers are limited per /64, as one customer has a whole /64.</summary>
    private static string NetworkOf(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.ToString(),
    };
}
