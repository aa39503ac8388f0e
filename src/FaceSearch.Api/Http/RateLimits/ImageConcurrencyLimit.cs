using System.Threading.RateLimiting;
using FaceSearch.Api.Http.Problems;
using Microsoft.AspNetCore.RateLimiting;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>
/// Limits how many pictures are received at once. Other requests wait before their bodies are read and hold neither
/// memory nor a thread.
/// </summary>
internal static class ImageConcurrencyLimit
{
    public const string PicturesPolicy = "pictures";

    private const int Waiting = 10_000;

    private static readonly int AtOnce = 8 * Environment.ProcessorCount;

    public static IServiceCollection AddAdmission(this IServiceCollection services) =>
        services.AddRateLimiter(options =>
        {
            options.AddConcurrencyLimiter(PicturesPolicy, limiter =>
            {
                limiter.PermitLimit = AtOnce;
                limiter.QueueLimit = Waiting;
                limiter.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
            });
            options.OnRejected = (context, _) => new ValueTask(ApiErrors.Busy.WriteAsync(context.HttpContext));
        });
}
