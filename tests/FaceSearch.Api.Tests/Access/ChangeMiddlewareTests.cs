using FaceSearch.Api.Http.Audit;
using FaceSearch.Api.Http.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Api.Tests.Access;

[Category("Fault-C13")]
internal sealed class ChangeMiddlewareTests
{
    [TestCase(true, false, false)]
    [TestCase(false, true, false)]
    [TestCase(true, true, true)]
    public async Task Change_IsCancelled_WhenTheServerStopsAndTheCallerHasDisconnected(bool stops, bool disconnects, bool isCancelled)
    {
        using var caller = new CancellationTokenSource();
        using var lifetime = new Lifetime();
        var context = ContextOf("DELETE", caller.Token);
        var (wasCancelled, sawDisconnected) = (false, false);

        await new ChangeMiddleware(
            async http =>
            {
                if (disconnects)
                    await caller.CancelAsync();
                if (stops)
                    lifetime.StopApplication();
                wasCancelled = http.RequestAborted.IsCancellationRequested;
                sawDisconnected = http.Features.Get<CallerConnection>()!.Disconnected.IsCancellationRequested;
            },
            lifetime).InvokeAsync(context);

        Assert.That((wasCancelled, sawDisconnected), Is.EqualTo((isCancelled, disconnects)));
        Assert.That(context.RequestAborted, Is.EqualTo(caller.Token), "the exception handler sees the caller's own");
    }

    [Test]
    public async Task Read_IsCancelledWithItsCaller()
    {
        using var caller = new CancellationTokenSource();
        using var lifetime = new Lifetime();
        var wasCancelled = false;

        await new ChangeMiddleware(
            async http =>
            {
                await caller.CancelAsync();
                wasCancelled = http.RequestAborted.IsCancellationRequested;
            },
            lifetime).InvokeAsync(ContextOf("GET", caller.Token));

        Assert.That(wasCancelled, Is.True);
    }

    private static DefaultHttpContext ContextOf(string method, CancellationToken aborted)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted };
        context.Request.Method = method;
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new EndpointNameMetadata("call")), null));
        context.Features.Set(AuditedCall.Of(context));
        return context;
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource stopping = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => stopping.Cancel();

        public void Dispose() => stopping.Dispose();
    }
}
