using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.MySqlServers;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Persistence;

/// <summary>An outage of the database without a restart of the service. Runs alone, because it stops the shared MySQL.</summary>
[NonParallelizable]
internal sealed class OutageTests
{
    private TestDatabase database;

    private static MySqlServer MySql => Databases.MySql;

    [SetUp]
    public void Create()
    {
        if (!MySql.MayBeStopped)
            Assert.Ignore("Needs a MySQL that the suite may stop.");
        database = new TestDatabase(DatabaseProvider.MySql);
    }

    [TearDown]
    public async Task DropAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
    }

    [Test]
    public async Task MySqlUnreachable_Is503_UntilItIsReachable()
    {
        using var client = database.NewServer().CreateClient();
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));

        await MySql.StopAsync();
        try
        {
            var refused = await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(2f));

            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That((await refused.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":storage-unavailable"));
            Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
            Assert.That((await client.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
        finally
        {
            await MySql.StartAsync();
        }

        await UntilAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode);
        Assert.That((await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(2f))).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task MySqlUnreachableAtTheStart_ServerStarts_AndWorksLater()
    {
        await MySql.StopAsync();
        HttpClient client;
        try
        {
            client = database.NewServer(waitsForIndex: false).CreateClient();

            Assert.That((await client.GetAsync("/health/live")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((await client.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(
                (await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f))).StatusCode,
                Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        }
        finally
        {
            await MySql.StartAsync();
        }

        await UntilAsync(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode);
        await UntilAsync(async () =>
            (await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f))).StatusCode == HttpStatusCode.Created);
        client.Dispose();
    }

    [Test]
    public async Task MySqlRestartedInTheMiddleOfAJob_TheJobEndsWithEveryFace()
    {
        var server = database.NewServer();
        server.Settings["Enrolment:ProgressTimeoutSeconds"] = "30";
        using var client = server.CreateClient();
        client.Timeout = Timeout.InfiniteTimeSpan;
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var resume = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var worked = 0;
        server.Encoders.BeforeWork = () =>
        {
            if (Interlocked.Increment(ref worked) < 100)
                return Task.CompletedTask;

            half.TrySetResult();
            return resume.Task;
        };
        var zip = Archives.Zip([.. Enumerable.Range(0, 200).Select(i => ($"{i}.png", StandInEncoders.Picture($"{i}", 1f)))]);

        var waiting = client.PostAsync("/add_faces_in_bulk/", new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "f.zip" } });
        await half.Task;
        await MySql.StopAsync();
        try
        {
            resume.SetResult();
            await UntilAsync(async () => !(await client.GetAsync("/health/ready")).IsSuccessStatusCode);
        }
        finally
        {
            await MySql.StartAsync();
        }

        await Task.WhenAny(waiting, Task.Delay(DatabaseTests.Patience));
        if (!waiting.IsCompleted)
            Assert.Fail($"The job has not ended: {await DescribeJobAsync(server)}");
        var answer = await (await waiting).ReadJsonAsync();
        Assert.That(answer.GetProperty("inserted").GetInt32(), Is.EqualTo(200));
        Assert.That(answer.GetProperty("duplicates").GetInt32(), Is.Zero);
    }

    private static async Task<string> DescribeJobAsync(TestServer server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var job = await scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>().EnrolmentJobs.AsNoTracking().SingleAsync();
        return JsonSerializer.Serialize(job);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var deadline = DateTime.UtcNow + DatabaseTests.Patience; !await holds(); await Task.Delay(100))
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline));
    }
}
