using Microsoft.Net.Http.Headers;
using Nerdbank.Streams;

namespace FaceSearch.Api.Http.Filters;

/// <summary>HEAD for every GET (RFC 9110, 9.3.2): the same status and headers, without the body.</summary>
internal static class HeadRequests
{
    /// <summary>
    /// Runs HEAD as GET with a body that is counted and discarded. Before routing. The web server still knows the method,
    /// so it expects no body.
    /// </summary>
    public static void UseHead(this WebApplication app) => app.Use((context, next) =>
        HttpMethods.IsHead(context.Request.Method) ? AnswerAsync(context, next) : next(context));

    /// <summary>For answers whose body would take long to make and is not sent.</summary>
    public static bool IsHeadOfGet(this HttpContext context) => context.Response.Body is MonitoringStream;

    /// <summary>The framework lists the methods of the routes only.</summary>
    public static void AllowHead(this HttpResponse response)
    {
        var allowed = response.Headers.GetCommaSeparatedValues(HeaderNames.Allow);
        if (allowed.Any(HttpMethods.IsGet) && !allowed.Any(HttpMethods.IsHead))
            response.Headers.AppendCommaSeparatedValues(HeaderNames.Allow, HttpMethods.Head);
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        var body = response.Body;
        long length = 0;
        await using var discarded = new MonitoringStream(Stream.Null);
        discarded.DidWriteAny += (_, written) => length += written.Length;
        (request.Method, response.Body) = (HttpMethods.Get, discarded);
        try
        {
            await next(context);
            await response.CompleteAsync();
            if (length > 0)
                response.ContentLength ??= length;
        }
        finally
        {
            (request.Method, response.Body) = (HttpMethods.Head, body);
        }
    }
}
