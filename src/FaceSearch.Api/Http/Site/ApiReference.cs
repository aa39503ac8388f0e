using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;
using Scalar.AspNetCore;

namespace FaceSearch.Api.Http.Site;

/// <summary>The OpenAPI document, and its pages at <c>/docs</c>. Both are public and contain no data.</summary>
internal static class ApiReference
{
    private const string Pages = "/docs";

    /// <summary>The pages need inline scripts and styles. They may load from this server only, and no page may frame them.</summary>
    private const string ContentPolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The headers of the pages and the cache of the document; after routing.</summary>
    public static void UseApiReference(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Pages), pages => pages.Use((context, next) =>
        {
            SetHeaders(context.Response);
            return next(context);
        }));
        app.UseOutputCache();
    }

    public static void MapApiReference(this WebApplication app)
    {
        app.MapOpenApi().CacheOutput(policy => policy.AddPolicy<SameForAllCallers>(), excludeDefaultPolicy: true);
        app.MapScalarApiReference(Pages, options => options.WithTitle("FaceSearch").DisableDefaultFonts());
    }

    private static void SetHeaders(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = ContentPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    /// <summary>
    /// The document does not change while the server runs, and its generation takes 80 ms. One copy is kept, whatever key,
    /// host or query a request has.
    /// </summary>
    private sealed class SameForAllCallers : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            (context.EnableOutputCaching, context.AllowLocking) = (true, true);
            (context.AllowCacheLookup, context.AllowCacheStorage) = (true, true);
            context.CacheVaryByRules.QueryKeys = StringValues.Empty;
            context.CacheVaryByRules.VaryByHost = false;
            context.ResponseExpirationTimeSpan = TimeSpan.FromDays(1);
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.AllowCacheStorage &= context.HttpContext.Response.StatusCode == StatusCodes.Status200OK;
            return ValueTask.CompletedTask;
        }
    }
}
