using System.Diagnostics;
using System.Net.Http.Json;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;
using Mediator;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests;

/// <summary>What a search by embedding costs over the index's own time; figures of a quiet machine are in docs/benchmarks.md.</summary>
[Explicit("Measures; needs a quiet machine and a Release build.")]
internal sealed class SearchOverheadTests
{
    private const int Faces = 100_000;

    private const int Rounds = 3_000;

    [Test]
    public async Task SearchByEmbedding_OverTheIndex_CostsLittle()
    {
        await using var server = new TestServer();
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
        var random = new Random(1);
        var gallery = await StoredGallery.StoreAsync(
            server, [.. Enumerable.Range(0, 500).Select(i => new WantedFace(i / 100f, 0, $"P{i % 100}"))]);
        var index = server.Services.GetRequiredService<IFaceGallery>();
        index.Add(gallery.Id, [.. Enumerable.Range(0, Faces).Select(i => new GalleryFace(1_000_000_000 + i, Far(random)))]);
        var probe = new WantedFace(1f).Embedding;
        var terms = new SearchTerms(5, 0.6f);

        var alone = await MedianAsync(async () => await index.SearchAsync(gallery.Id, [probe], terms.K, terms.Tolerance));
        var handled = await MedianAsync(async () =>
        {
            await using var scope = server.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ISender>().Send(
                new SearchByEmbeddingQuery(gallery.Name, probe.Values.ToArray(), StandInEncoders.ModelName, terms));
        });
        var http = await MedianAsync(async () => await (await client.PostAsJsonAsync(
            gallery.Path("search/embedding"), new { embedding = probe.Values.ToArray() })).Content.ReadAsByteArrayAsync());

        await TestContext.Out.WriteLineAsync(
            FormattableString.Invariant($"p50 in ms: index {alone:0.000}, use case {handled:0.000}, with TestServer {http:0.000}"));
    }

    [Test]
    public async Task Calibrate_FiveThousandFaces_TakesSeconds()
    {
        await using var server = new TestServer();
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
        var random = new Random(1);
        var gallery = await StoredGallery.StoreAsync(
            server, [.. Enumerable.Range(0, 5000).Select(i => new WantedFace(random.NextSingle(), random.NextSingle(), $"P{i / 5}"))]);
        await client.PostAsync(gallery.Path("calibration"), null);

        var (began, cpu) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
        var response = await client.PostAsync(gallery.Path("calibration"), null);
        var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;

        response.EnsureSuccessStatusCode();
        await TestContext.Out.WriteLineAsync(FormattableString.Invariant(
            $"5,000 faces: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} s, of processors {spent.TotalSeconds:0.00} s"));
    }

    private static async Task<double> MedianAsync(Func<Task> work)
    {
        var times = new double[Rounds];
        for (var i = -500; i < Rounds; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await work();
            if (i >= 0)
                times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[Rounds / 2];
    }

    private static Embedding Far(Random random)
    {
        var values = new float[Embedding.StandardLength];
        for (var i = 0; i < values.Length; i++)
            values[i] = (random.NextSingle() - 0.5f) * 2;
        values[0] = -5;
        return new Embedding(values);
    }
}
