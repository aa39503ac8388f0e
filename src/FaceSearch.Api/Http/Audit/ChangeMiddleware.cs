using FaceSearch.Api.Http.Authentication;

namespace FaceSearch.Api.Http.Audit;

/// <summary>
/// Finishes a change although its caller has disconnected, so that the audit log has its outcome. When the server stops,
/// changes of connected callers are finished too, and the others are cancelled. It comes after the queue of the permits,
/// which a caller that disconnects leaves.
/// </summary>
internal sealed class ChangeMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<AuditedCall>() is not { Changes: true })
        {
            await next(context);
            return;
        }

        var aborted = context.RequestAborted;
        using var end = new CancellationTokenSource();
        CancellationTokenRegistration stopping = default;
        var disconnected = aborted.Register(() => stopping = lifetime.ApplicationStopping.Register(end.Cancel));
        context.Features.Set(new CallerConnection(aborted));
        context.RequestAborted = end.Token;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestAborted = aborted;
            await disconnected.DisposeAsync();
            await stopping.DisposeAsync();
        }
    }
}
