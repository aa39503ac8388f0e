using FaceSearch.Application.Audit;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.Audit;

/// <summary>
/// Writes the audit log. The entry of a change is committed after the change and before the first byte of the answer.
/// All other entries are written in the background.
/// </summary>
internal sealed class AuditMiddleware(
    RequestDelegate next, AuditLog log, IOptions<AuditOptions> options, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (AuditedCall.Of(context) is not { } call)
        {
            await next(context);
            return;
        }

        context.Features.Set(call);
        context.Response.OnStarting(() => WriteAsync(context, call));
        await next(context);
    }

    private Task WriteAsync(HttpContext context, AuditedCall call)
    {
        var status = context.Response.StatusCode;
        if (call.Take(context, time.GetUtcNow().UtcDateTime) is not { } entry)
            return Task.CompletedTask;
        if (call.Changes && status < StatusCodes.Status400BadRequest)
            return log.WriteAsync(entry);
        if (options.Value.Reads || status >= StatusCodes.Status400BadRequest)
            log.Post(entry);

        return Task.CompletedTask;
    }
}

internal static class AuditExtensions
{
    /// <summary>
    /// Sets the audited subject of the call: an id, never a name. Only for actions whose route has no id and whose
    /// answer has no Location.
    /// </summary>
    public static void SetAuditSubject(this HttpContext context, string id)
    {
        if (context.Features.Get<AuditedCall>() is { } call)
            call.Subject = id;
    }
}
