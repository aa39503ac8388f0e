using System.Threading.RateLimiting;
using FaceSearch.Api.Http.Problems;
using Microsoft.AspNetCore.RateLimiting;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>
/// Limits how many pictures are received at once, in all and per caller. Other requests wait before their bodies are
/// read and hold neither memory nor a thread.
/// </summary>
internal static class ImageConcurrencyLimit
{
    public const string PicturesPolicy = "pictures";

    private const int Waiting = 10_000;

    public static readonly int AtOnce = 8 * Environment.ProcessorCount;

    /// <summary>Half of all, so that one caller's slow uploads do not stop the others.</summary>
    public static readonly int AtOncePerCaller = AtOnce / 2;

    /// <summary>
    /// The global limiter comes first in ASP.NET Core, so a request that waits for its caller's permit holds none of
    /// the others.
    /// </summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services) =>
        services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(OfCaller, StringComparer.Ordinal);
            options.AddConcurrencyLimiter(PicturesPolicy, limiter => Limit(limiter, AtOnce));
            options.OnRejected = (context, _) => new ValueTask(ApiErrors.Busy.WriteAsync(context.HttpContext));
        });

    private static RateLimitPartition<string> OfCaller(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>() is null
            ? RateLimitPartition.GetNoLimiter(string.Empty)
            : RateLimitPartition.GetConcurrencyLimiter(Callers.Of(context.User, context), _ =>
            {
                var limiter = new ConcurrencyLimiterOptions();
                Limit(limiter, AtOncePerCaller);
                return limiter;
            });

    private static void Limit(ConcurrencyLimiterOptions limiter, int permits)
    {
        limiter.PermitLimit = permits;
        limiter.QueueLimit = Waiting;
        limiter.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
    }
}
