using System.Threading.RateLimiting;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.RateLimiting;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>
/// Limits how many pictures are received and how many are answered at once, in all and per caller. Other requests wait
/// before they read a body or the database and hold neither memory nor a thread.
/// </summary>
internal static class ImageConcurrencyLimit
{
    /// <summary>Pictures that are received.</summary>
    public const string PicturesPolicy = "pictures";

    /// <summary>Stored pictures, which are in memory until the client has read them.</summary>
    public const string StoredPicturesPolicy = "stored-pictures";

    private const int Waiting = 10_000;

    public static int AtOnce(string policy) => (policy == StoredPicturesPolicy ? 4 : 8) * Environment.ProcessorCount;

    /// <summary>Half of all, so that one caller's slow connections do not stop the others.</summary>
    public static int AtOncePerCaller(string policy) => AtOnce(policy) / 2;

    /// <summary>
    /// The global limiter comes first in ASP.NET Core, so a request that waits for its caller's permit holds none of
    /// the others.
    /// </summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services) =>
        services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(OfCaller, StringComparer.Ordinal);
            foreach (var policy in new[] { PicturesPolicy, StoredPicturesPolicy })
                options.AddConcurrencyLimiter(policy, limiter => Limit(limiter, AtOnce(policy)));
            options.OnRejected = (context, _) => new ValueTask(CommonErrors.Busy.WriteAsync(context.HttpContext));
        });

    private static RateLimitPartition<string> OfCaller(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is not { } policy
            ? RateLimitPartition.GetNoLimiter(string.Empty)
            : RateLimitPartition.GetConcurrencyLimiter($"{policy} {Callers.Of(context.User, context)}", _ =>
            {
                var limiter = new ConcurrencyLimiterOptions();
                Limit(limiter, AtOncePerCaller(policy));
                return limiter;
            });

    private static void Limit(ConcurrencyLimiterOptions limiter, int permits)
    {
        limiter.PermitLimit = permits;
        limiter.QueueLimit = Waiting;
        limiter.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
    }
}
