using FaceSearch.Api.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaceSearch.Api.Tests.Http;

internal sealed class DisconnectTests
{
    [Test]
    public async Task BrokenBody_WhoseClientDisconnectsDuringTheAnswer_IsHandledWithoutAnException()
    {
        using var disconnect = new CancellationTokenSource();
        using var services = new ServiceCollection().BuildServiceProvider();
        using var body = new DisconnectingBody(disconnect);
        var context = new DefaultHttpContext
        {
            RequestServices = services,
            RequestAborted = disconnect.Token,
            Response = { Body = body },
        };

        var handled = await new UnhandledExceptionHandler(NullLogger<UnhandledExceptionHandler>.Instance)
            .TryHandleAsync(context, new BadHttpRequestException("Unexpected end of request content."), default);

        Assert.That(handled, Is.True);
        Assert.That(disconnect.IsCancellationRequested, Is.True, "the answer was begun");
    }

    private sealed class DisconnectingBody(CancellationTokenSource disconnect) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await disconnect.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
