using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Primitives;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>
/// Refuses an address or headers that are too long: 414 and 431 with a problem. Kestrel refuses them without a body, so its
/// own limits are larger; they bound the memory of a request that is beyond these.
/// </summary>
internal static class RequestHeadLimits
{
    /// <summary>Characters of the path and the query, as the client sent them.</summary>
    public const int MaxAddress = 8 * 1024;

    /// <summary>Characters of the names and values of all headers.</summary>
    public const int MaxHeaders = 32 * 1024;

    private const int KestrelsShare = 4;

    public static void AddRequestHeadLimits(this IServiceCollection services) =>
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxRequestLineSize = KestrelsShare * MaxAddress;
            kestrel.Limits.MaxRequestHeadersTotalSize = KestrelsShare * MaxHeaders;
        });

    public static void UseRequestHeadLimits(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Length > MaxAddress)
            context.Response.StatusCode = StatusCodes.Status414UriTooLong;
        else if (context.Request.Headers.Sum(LengthOf) > MaxHeaders)
            context.Response.StatusCode = StatusCodes.Status431RequestHeaderFieldsTooLarge;
        else
            return next(context);

        return Task.CompletedTask;
    });

    private static int LengthOf(KeyValuePair<string, StringValues> header) =>
        header.Value.Sum(value => header.Key.Length + (value?.Length ?? 0));
}
