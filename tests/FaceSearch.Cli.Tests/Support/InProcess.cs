using System.Net;
using System.Text;
using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Tests.Support;

/// <summary>The command line inside the test's process, without a terminal and with a stand-in for the server.</summary>
internal static class InProcess
{
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        Func<HttpRequestMessage, HttpResponseMessage>? answer,
        Dictionary<string, string>? variables = null,
        params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        using var environment = new CommandEnvironment(
            output, error, IsWatched: false, CanAsk: false,
            name => variables?.GetValueOrDefault(name),
            () => new StandInServer(answer ?? (_ => throw new InvalidOperationException("No call was expected."))),
            TimeProvider.System);
        var exitCode = await CommandTree.RunAsync(arguments, environment);
        return (exitCode, output.ToString(), error.ToString());
    }

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) => new(status)
    {
        Content = new StringContent(json, Encoding.UTF8, "application/json"),
    };
}

internal sealed class StandInServer(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not null)
            await request.Content.CopyToAsync(Stream.Null, cancellationToken);
        return answer(request);
    }
}
