using System.Net;
using System.Net.Http.Headers;
using FaceSearch.Api.Tests.Support;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Tests.Http;

[Category("Fault-B10")]
internal sealed class ApiReferenceTests
{
    [TestCase("/docs/")]
    [TestCase("/docs/scalar.js")]
    [TestCase("/docs/nothing")]
    public async Task Docs_HasTheHeadersOfASafePage(string path)
    {
        using var server = new TestServer("Production");
        using var client = server.CreateClient();
        using var answer = await client.GetAsync(path);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.Contain("default-src 'self'").And.Contain("frame-ancestors 'none'").And.Not.Contain("http"));
        Assert.That(answer.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
        Assert.That(answer.Headers.GetValues("X-Frame-Options").Single(), Is.EqualTo("DENY"));
    }

    [Test]
    public async Task Document_IsGeneratedOnce_WhateverARequestHas()
    {
        using var server = new TestServer("Production");
        var counter = new Counter();
        server.Replacing = services => services.Configure<OpenApiOptions>("v1", options => options.AddDocumentTransformer(counter));
        using var client = server.CreateClient();

        foreach (var (query, host, key) in new[] { ("", "other", null), ("", "localhost", null), ("?a=1", "localhost", null), ("", "localhost", "x") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/openapi/v1.json{query}");
            request.Headers.Host = host;
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            using var answer = await client.SendAsync(request);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await answer.ReadJsonAsync()).GetProperty("servers")[0].GetProperty("url").GetString(), Is.EqualTo("/"));
        }

        Assert.That(counter.Count, Is.EqualTo(1));
    }

    private sealed class Counter : IOpenApiDocumentTransformer
    {
        public int Count { get; private set; }

        public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
        {
            Count++;
            return Task.CompletedTask;
        }
    }
}
