using Microsoft.AspNetCore.Diagnostics;
using Serilog;
using Serilog.Events;

namespace FaceSearch.Api.Http.RequestLogs;

/// <summary>
/// Logs a line per request, with the template of its route. A path is chosen by the caller: it may be a forged line, or
/// have a key.
/// </summary>
internal static class RequestLog
{
    private const string Template = "HTTP {RequestMethod} {Route} responded {StatusCode} in {Elapsed:0.0000} ms";

    /// <summary>Files of the page, and unknown paths.</summary>
    private const string NoRoute = "(no route)";

    public static void UseRequestLog(this WebApplication app) => app.UseSerilogRequestLogging(options =>
    {
        options.MessageTemplate = Template;
        options.GetMessageTemplateProperties = (context, _, elapsed, status) =>
        [
            new LogEventProperty("RequestMethod", new ScalarValue(context.Request.Method)),
            new LogEventProperty("Route", new ScalarValue(RouteOf(context))),
            new LogEventProperty("StatusCode", new ScalarValue(status)),
            new LogEventProperty("Elapsed", new ScalarValue(elapsed)),
        ];
    });

    /// <summary>The exception handler removes the endpoint from the request.</summary>
    private static string RouteOf(HttpContext context)
    {
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return endpoint is RouteEndpoint { RoutePattern.RawText: { } route } ? $"/{route.TrimStart('/')}" : NoRoute;
    }
}
