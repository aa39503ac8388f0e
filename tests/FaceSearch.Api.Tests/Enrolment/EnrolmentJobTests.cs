using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using static FaceSearch.TestSupport.Archives;

namespace FaceSearch.Api.Tests.Enrolment;

/// <summary>Following, listing, cancelling and retrying jobs.</summary>
internal sealed class EnrolmentJobTests
{
    private TestServer server;
    private HttpClient client;

    [SetUp]
    public async Task StartAsync()
    {
        server = new TestServer();
        client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
    }

    [TearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task Items_PageByPage_ListsEveryFileInTheArchivesOrder()
    {
        var job = await RunAsync(Zip([.. Enumerable.Range(0, 7).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]));

        var (names, pages) = await ReadAllAsync($"/v1/jobs/{IdOf(job)}/items?limit=3", "items", item => item.GetProperty("name").GetString());

        Assert.That(names, Is.EqualTo(Enumerable.Range(0, 7).Select(i => $"p{i}.png")));
        Assert.That(pages, Is.EqualTo(3));
    }

    [Test]
    public async Task Items_ByOutcome_ListsOnlyThose()
    {
        var job = await RunAsync(Zip(
            ("a.png", StandInEncoders.Picture(1f)), ("none.png", StandInEncoders.Picture()), ("b.png", StandInEncoders.Picture(1f))));

        var failed = (await GetAsync($"/v1/jobs/{IdOf(job)}/items?outcome=failed")).GetProperty("items");

        Assert.That(failed.GetArrayLength(), Is.EqualTo(1));
        Assert.That(failed[0].GetProperty("name").GetString(), Is.EqualTo("none.png"));
        Assert.That(failed[0].GetProperty("reason").GetString(), Is.EqualTo("no-face"));
        Assert.That(failed[0].GetProperty("position").GetInt32(), Is.EqualTo(1));
    }

    [TestCase("?limit=0", "limit")]
    [TestCase("?limit=501", "limit")]
    [TestCase("?cursor=nonsense!", "cursor")]
    [TestCase("?cursor=bm9uc2Vuc2U", "cursor")]
    [TestCase("/0197a4ae-0000-7000-8000-000000000000/items?limit=0", "limit")]
    [TestCase("/0197a4ae-0000-7000-8000-000000000000/items?cursor=LTE", "cursor")]
    [TestCase("/0197a4ae-0000-7000-8000-000000000000/items?outcome=lost", "outcome")]
    public async Task Lists_InvalidQuery_NamesTheField(string query, string field)
    {
        var response = await client.GetAsync("/v1/jobs" + query);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await response.ReadJsonAsync()).GetProperty("errors").TryGetProperty(field, out _), Is.True);
    }

    [Test]
    public async Task Jobs_PageByPage_ListsThemNewestFirst()
    {
        var ids = new List<string?>();
        for (var i = 0; i < 5; i++)
            ids.Insert(0, IdOf(await RunAsync(Zip(($"{i}.png", StandInEncoders.Picture(i))))));

        var (listed, pages) = await ReadAllAsync("/v1/jobs?limit=2", "jobs", IdOf);

        Assert.That(listed, Is.EqualTo(ids));
        Assert.That(pages, Is.EqualTo(3));
    }

    [Test]
    public async Task Job_Running_HasItsProgress()
    {
        // The batches that the pipeline has at once, each with 16 pictures to detect and 2 batches to embed, plus one more.
        var atOnce = 1 + (Environment.ProcessorCount + 15) / 16;
        var pictures = 16 * (atOnce + 4);
        using var gate = new Gate(server.Encoders, after: 18 * atOnce);
        var location = await QueueAsync(Pictures(pictures));
        await gate.Reached;

        var job = await PollAsync(location, j => j.GetProperty("done").GetInt32() > 0);
        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("running"));
        Assert.That(job.GetProperty("total").GetInt32(), Is.EqualTo(pictures));
        Assert.That(job.GetProperty("perSecond").GetDouble(), Is.GreaterThanOrEqualTo(0));

        gate.Open();
        var ended = await EndAsync(location);
        Assert.That(ended.GetProperty("done").GetInt32(), Is.EqualTo(pictures));
        Assert.That(ended.GetProperty("secondsLeft").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Cancel_RunningJob_StopsIt_AndRetryResumesIt()
    {
        using var gate = new Gate(server.Encoders, after: 20);
        var location = await QueueAsync(Pictures(200));
        await gate.Reached;

        var cancelled = await client.PostAsync(location + "/cancel", null);
        gate.Open();
        var stopped = await EndAsync(location);

        Assert.That(cancelled.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That((await cancelled.ReadJsonAsync()).GetProperty("cancelRequested").GetBoolean(), Is.True);
        Assert.That(stopped.GetProperty("state").GetString(), Is.EqualTo("cancelled"));
        Assert.That(stopped.GetProperty("done").GetInt32(), Is.LessThan(200));

        var retried = await client.PostAsync(location + "/retry", null);
        var ended = await EndAsync(location);
        Assert.That(retried.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(200));
        Assert.That(ended.GetProperty("duplicates").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task Cancel_QueuedJob_EndsBeforeItStarts()
    {
        using var gate = new Gate(server.Encoders, after: 0);
        var first = await QueueAsync(Pictures(1));
        await gate.Reached;
        var second = await QueueAsync(Pictures(2));

        var response = await client.PostAsync(second + "/cancel", null);
        gate.Open();
        await EndAsync(first);

        Assert.That((await response.ReadJsonAsync()).GetProperty("state").GetString(), Is.EqualTo("cancelled"));
        Assert.That((await GetAsync(second)).GetProperty("startedAt").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Bulk_CancelledWhileACallerWaits_Is409()
    {
        using var gate = new Gate(server.Encoders, after: 0);
        var waiting = client.PostAsync("/add_faces_in_bulk/", Form(Pictures(5)));
        await gate.Reached;
        var job = (await GetAsync("/v1/jobs")).GetProperty("jobs")[0];

        await client.PostAsync($"/v1/jobs/{IdOf(job)}/cancel", null);
        gate.Open();
        var response = await waiting;

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":job-cancelled"));
    }

    [Test]
    public async Task Retry_JobWithFailures_RetriesOnlyFailedItems()
    {
        var job = await RunAsync(Zip(("a.png", StandInEncoders.Picture(1f)), ("none.png", StandInEncoders.Picture())));
        var asked = 0;
        server.Encoders.BeforeWork = () =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        };

        await client.PostAsync($"/v1/jobs/{IdOf(job)}/retry", null);
        var ended = await EndAsync($"/v1/jobs/{IdOf(job)}");

        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(1));
        Assert.That(ended.GetProperty("failed").GetInt32(), Is.EqualTo(1));
        Assert.That(asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Retry_NothingToRetry_Is409() =>
        await AssertConflictAsync(await RunAsync(Pictures(2)), "retry", "nothing-to-retry");

    [Test]
    public async Task Retry_ArchiveNotKept_Is409()
    {
        var job = await RunAsync(Zip(("none.png", StandInEncoders.Picture())));
        Directory.Delete(server.UploadFolder, recursive: true);

        await AssertConflictAsync(job, "retry", "archive-gone");
    }

    [Test]
    public async Task Cancel_EndedJob_Is409() =>
        await AssertConflictAsync(await RunAsync(Pictures(2)), "cancel", "job-ended");

    [Test]
    public async Task Retry_RunningJob_Is409()
    {
        using var gate = new Gate(server.Encoders, after: 0);
        var location = await QueueAsync(Pictures(1));
        await gate.Reached;

        await AssertConflictAsync(await GetAsync(location), "retry", "job-not-ended");
    }

    [TestCase("cancel")]
    [TestCase("retry")]
    public async Task CancelOrRetry_UnknownJob_Is404(string verb)
    {
        var response = await client.PostAsync($"/v1/jobs/nonsense/{verb}", null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private async Task AssertConflictAsync(JsonElement job, string verb, string code)
    {
        var response = await client.PostAsync($"/v1/jobs/{IdOf(job)}/{verb}", null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":" + code));
    }

    private async Task<JsonElement> RunAsync(byte[] zip) => await EndAsync(await QueueAsync(zip));

    private async Task<string> QueueAsync(byte[] zip)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/add_faces_in_bulk/");
        request.Content = Form(zip);
        request.Headers.Add("Prefer", "respond-async");
        return (await client.SendAsync(request)).Headers.Location!.ToString();
    }

    private Task<JsonElement> EndAsync(string location) =>
        PollAsync(location, job => job.GetProperty("endedAt").ValueKind != JsonValueKind.Null);

    private async Task<JsonElement> PollAsync(string location, Func<JsonElement, bool> isThere)
    {
        while (true)
        {
            var job = await GetAsync(location);
            if (isThere(job))
                return job;
            await Task.Delay(20);
        }
    }

    private async Task<(List<string?> Items, int Pages)> ReadAllAsync(
        string path, string list, Func<JsonElement, string?> select)
    {
        var (items, pages, next) = (new List<string?>(), 0, path);
        while (true)
        {
            var page = await GetAsync(next);
            items.AddRange(page.GetProperty(list).EnumerateArray().Select(select));
            pages++;
            if (!page.TryGetProperty("nextCursor", out var cursor))
                return (items, pages);
            next = $"{path}&cursor={cursor.GetString()}";
        }
    }

    private async Task<JsonElement> GetAsync(string path) => await (await client.GetAsync(path)).ReadJsonAsync();

    private static string? IdOf(JsonElement job) => job.GetProperty("jobId").GetString();

    private static byte[] Pictures(int count) =>
        Zip([.. Enumerable.Range(0, count).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]);

    private static MultipartFormDataContent Form(byte[] zip) => new() { { new ByteArrayContent(zip), "file", "faces.zip" } };

    /// <summary>Admits a number of the engine's tasks and blocks the others until it is opened.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int passed;

        public Gate(StandInEncoders encoders, int after) => encoders.BeforeWork = () =>
        {
            if (Interlocked.Increment(ref passed) <= after)
                return Task.CompletedTask;

            reached.TrySetResult();
            return opened.Task;
        };

        public Task Reached => reached.Task;

        public void Open() => opened.TrySetResult();

        public void Dispose() => Open();
    }
}
