using System.Text.Json.Nodes;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Support.Contract;

/// <summary>Fails the test that gets an answer which is not as docs/openapi.json says.</summary>
internal sealed class ContractHandler : DelegatingHandler
{
    public static Lazy<AnswerContract> Contract { get; } = new(() => new AnswerContract(ReadDocument()));

    public static JsonObject ReadDocument() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "openapi.json")))!.AsObject();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        // The test server has an answer also for a caller that has disconnected.
        cancellationToken.ThrowIfCancellationRequested();
        var violations = Contract.Value.FindViolations(request, answer, await ReadJsonAsync(answer, cancellationToken));
        Assert.That(violations, Is.Empty, $"{request.Method} {request.RequestUri!.AbsolutePath}: {(int)answer.StatusCode} is not as documented");
        return answer;
    }

    /// <summary>Other bodies stay streams, which a test may read slowly.</summary>
    private static async Task<byte[]> ReadJsonAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is not true)
            return [];

        await answer.Content.LoadIntoBufferAsync(ct);
        return await answer.Content.ReadAsByteArrayAsync(ct);
    }
}
