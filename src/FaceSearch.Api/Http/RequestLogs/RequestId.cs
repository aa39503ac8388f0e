namespace FaceSearch.Api.Http.RequestLogs;

/// <summary>Every answer has the id of its request, which the log and the <c>traceId</c> of problems have too.</summary>
internal static class RequestId
{
    public const string HeaderName = "X-Request-Id";

    /// <summary>Just before the answer starts, because the exception handler removes headers.</summary>
    public static void UseRequestId(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[HeaderName] = context.TraceIdentifier;
            return Task.CompletedTask;
        });
        return next(context);
    });
}
