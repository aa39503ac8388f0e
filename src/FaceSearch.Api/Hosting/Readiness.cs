using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Abstractions;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceSearch.Api.Hosting;

/// <summary>Whether the server is ready, and with which engine.</summary>
internal static class Readiness
{
    /// <summary>Calls of the API are answered with 503 until the tables exist and the models are loaded.</summary>
    public static void UsePreparation(this WebApplication app)
    {
        var preparation = app.Services.GetRequiredService<ServerPreparation>();
        app.Use((context, next) =>
            preparation.IsPrepared || context.GetEndpoint()?.Metadata.GetMetadata<ControllerActionDescriptor>() is null
                ? next(context)
                : ApiErrors.Starting.WriteAsync(context));
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).DisableRateLimiting();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync }).DisableRateLimiting();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new ReadinessResponse(
        report.Status,
        [.. report.Entries.Select(entry => new ReadinessCheck(entry.Key, entry.Value.Status, entry.Value.Description))],
        context.RequestServices.GetRequiredService<IFaceEncoders>().Choice));

    /// <param name="Engine">The engine profile of new collections; null until the models are loaded.</param>
    private sealed record ReadinessResponse(HealthStatus Status, IReadOnlyList<ReadinessCheck> Checks, EngineChoice? Engine);

    /// <param name="Detail">How far the index has loaded, or what is wrong; null when healthy.</param>
    private sealed record ReadinessCheck(string Name, HealthStatus Status, string? Detail);
}
