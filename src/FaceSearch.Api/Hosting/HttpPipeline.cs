using FaceSearch.Api.Http.Audit;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Http.RequestLogs;
using FaceSearch.Api.Http.Site;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace FaceSearch.Api.Hosting;

/// <summary>The order of the middleware, and the routes.</summary>
internal static class HttpPipeline
{
    public static void UseApi(this WebApplication app)
    {
        app.UseKnownProxies();
        app.UseRequestLog();
        app.UseRequestId();
        app.UseExceptionHandler();
        app.UseProblemsForBareStatuses();
        app.UseRequestHeadLimits();
        app.UseSite();
        app.UseHead();
        app.UseRouting();
        app.UseNoStore();
        app.UseOtherOrigins();
        app.UsePreparation();
        app.UseMiddleware<RateLimitMiddleware>();
        app.UseAuthentication();
        app.UseMiddleware<AuditMiddleware>();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseMiddleware<ChangeMiddleware>();
        app.UseApiReference();

        app.MapControllers();
        app.MapApiReference();
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(Scopes.ServerRead);
        app.MapHealth();
    }

    /// <summary>Answers of the API are personal data, so no cache keeps them unless the action says otherwise.</summary>
    private static void UseNoStore(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ControllerActionDescriptor>() is not null)
            context.Response.Headers.CacheControl = "no-store";
        return next(context);
    });

    /// <summary>
    /// Adds a problem to a status without a body: unknown route, unknown method, unsupported content type.
    /// </summary>
    private static void UseProblemsForBareStatuses(this WebApplication app) => app.UseStatusCodePages(
        context =>
        {
            var status = context.HttpContext.Response.StatusCode;
            context.HttpContext.Response.AllowHead();
            return ApiErrors.OfStatus(status).WriteAsync(context.HttpContext, status);
        });
}
