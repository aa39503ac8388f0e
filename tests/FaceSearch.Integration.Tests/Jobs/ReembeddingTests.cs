using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>A collection gets another model while two servers search and enrol.</summary>
internal sealed class ReembeddingTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private const string Reembed = "/v1/collections/default/reembed?profile=" + StandInEncoders.SecondModelName;
    private const int Faces = 100;

    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private string key = string.Empty;
    private HttpClient client = null!;

    [SetUp]
    public void SmallBatches()
    {
        Server.Settings["Enrolment:BatchSize"] = "16";
        Server.Settings["Enrolment:LeaseSeconds"] = "1";
    }

    [TearDown]
    public void Close() => client?.Dispose();

    [Test]
    public async Task Searches_AtTwoServers_NeverFailNorMiss_WhileTheModelChanges()
    {
        await EnrolAsync(Faces);
        var otherServer = NewServer();
        using var other = Client(otherServer);
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(other, 1f) == 1, Promised), Is.True);
        using var stop = new CancellationTokenSource();
        var (answers, enrolled) = (new ConcurrentBag<Answer>(), new ConcurrentQueue<float>());
        Task[] traffic =
        [
            SearchOnAsync(client, answers, stop.Token),
            SearchOnAsync(other, answers, stop.Token),
            EnrolOnAsync(other, enrolled, stop.Token),
        ];

        var job = await EndAsync(await StartAsync(Reembed));
        await UntilSearchedByAsync(client, StandInEncoders.SecondModelName, Promised);
        await UntilSearchedByAsync(other, StandInEncoders.SecondModelName, Promised);
        await UntilAsync(() => answers.Count(answer => answer.Model == StandInEncoders.SecondModelName) > 20);
        await stop.CancelAsync();
        await Task.WhenAll(traffic);

        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("succeeded"), job.ToString());
        Assert.That(job.GetProperty("kind").GetString(), Is.EqualTo("reembedding"));
        Assert.That(answers.Where(answer => !answer.IsRight), Is.Empty);
        Assert.That(answers.Select(answer => answer.Model).Distinct().Count(), Is.EqualTo(2), "searched before and after");
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
        foreach (var face in enrolled)
            Assert.That(await CountMatchesAsync(other, face), Is.EqualTo(1), $"{face} was enrolled meanwhile");
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(client, enrolled.Last()) == 1, Promised), Is.True);
    }

    [Test]
    public async Task Bulk_WhileTheModelChanges_EndsWithEveryFaceOfTheNewOne()
    {
        await EnrolAsync(40);
        var other = NewServer();
        using var otherClient = Client(other);
        using var gate = new EngineGate(Server, other);
        var zip = Archives.Zip([.. Enumerable.Range(0, 200).Select(i => ($"{i}.png", StandInEncoders.Picture($"b{i}", 1000f + i)))]);
        var reembedding = await StartAsync(Reembed);
        await gate.Reached;

        var bulk = await StartAsync(() => PostZipAsync(zip));
        gate.Open();
        var (changed, added) = (await EndAsync(reembedding), await EndAsync(bulk));

        Assert.That(changed.GetProperty("state").GetString(), Is.EqualTo("succeeded"), changed.ToString());
        Assert.That(added.GetProperty("inserted").GetInt32(), Is.EqualTo(200), added.ToString());
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
        await UntilSearchedByAsync(client, StandInEncoders.SecondModelName, Promised);
        foreach (var face in new[] { 1f, 1000f, 1199f })
            Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(client, face) == 1, Promised), Is.True);
    }

    [Test]
    public async Task Enrol_EmbeddedBeforeTheSwitchAndSavedAfter_IsEmbeddedAgain()
    {
        await EnrolAsync(3);
        var slow = NewServer(("Enrolment:RunJobs", "false"));
        using var slowClient = Client(slow);
        using var gate = new EngineGate(slow);
        var enrolling = slowClient.PostPictureAsync("/add_face/", StandInEncoders.Picture(500f));
        await gate.Reached;

        await EndAsync(await StartAsync(Reembed));
        gate.Open();
        var added = await enrolling;

        Assert.That(added.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await added.ReadJsonAsync()).GetProperty("model").GetString(), Is.EqualTo(StandInEncoders.SecondModelName));
        Assert.That(await CountMatchesAsync(slowClient, 500f), Is.EqualTo(1), "found in the process that enrolled it");
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
    }

    [Test]
    public async Task RemovedMeanwhile_StaysRemoved()
    {
        await EnrolAsync(40);
        using var gate = new EngineGate(Server);
        var job = await StartAsync(Reembed);
        await gate.Reached;

        await WithAsync(async db =>
        {
            db.Images.RemoveRange(await db.Images.OrderBy(image => image.Id).Take(3).ToListAsync());
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        gate.Open();
        var ended = await EndAsync(job);

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(37));
        await UntilSearchedByAsync(client, StandInEncoders.SecondModelName, Promised);
        Assert.That(await CountMatchesAsync(client, 1f), Is.Zero);
        Assert.That(await CountMatchesAsync(client, 20f), Is.EqualTo(1));
    }

    [Test]
    public async Task ServerDies_AnotherResumesTheJob()
    {
        await EnrolAsync(Faces);
        var heir = NewServer();
        using var gate = new EngineGate(40, Server);
        var job = await StartAsync(Reembed);
        await gate.Reached;
        await UntilAsync(async () => await WithAsync(db => db.ShadowEmbeddings.AnyAsync()));

        // Like a hanging process: its lease expires, and it continues when another process owns the job.
        var worked = 0;
        heir.Encoders.BeforeWork = () => Task.FromResult(Interlocked.Increment(ref worked));
        var worker = Server.Services.GetServices<IHostedService>().OfType<BulkEnrolmentWorker>().Single();
        await worker.StopAsync(new CancellationToken(canceled: true));
        using var heirClient = Client(heir);
        var ended = await EndAsync(job, heirClient);
        gate.Open();

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(Faces));
        Assert.That(worked, Is.LessThan(Faces));
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
        await UntilSearchedByAsync(client, StandInEncoders.SecondModelName, Promised);
    }

    [Test]
    public async Task Cancel_KeepsTheCollection_AndRetryGoesOn()
    {
        await EnrolAsync(Faces);
        using var gate = new EngineGate(40, Server);
        var job = await StartAsync(Reembed);
        await gate.Reached;

        var cancelled = await client.PostAsync(job + "/cancel", null);
        gate.Open();
        var stopped = await EndAsync(job);

        Assert.That(cancelled.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(stopped.GetProperty("state").GetString(), Is.EqualTo("cancelled"));
        await AssertAllAreOfAsync(StandInEncoders.ModelName);
        Assert.That(await CountMatchesAsync(client, 1f), Is.EqualTo(1));

        var retried = await client.PostAsync(job + "/retry", null);
        var ended = await EndAsync(job);

        Assert.That(retried.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(Faces));
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
    }

    [Test]
    public async Task FacesThatFail_FailTheJob_UnlessTheyAreToBeDropped()
    {
        await EnrolAsync(20);
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(StandInEncoders.HiddenFromSecond, 300f), "hidden.png");
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(301f), "gone.png");
        await WithAsync(db => db.Images.Where(image => image.FileName == "gone.png")
            .Select(image => image.Content!).ExecuteDeleteAsync());

        var failed = await EndAsync(await StartAsync(Reembed));
        var items = (await GetAsync($"/v1/jobs/{failed.GetProperty("jobId").GetString()}/items")).GetProperty("items");

        Assert.That(failed.GetProperty("state").GetString(), Is.EqualTo("failed"));
        Assert.That(failed.GetProperty("failureCode").GetString(), Is.EqualTo("reembedding-incomplete"));
        Assert.That(
            items.EnumerateArray().Select(item => $"{item.GetProperty("name")} {item.GetProperty("reason")}"),
            Is.EqualTo(new[] { "hidden.png face-not-found", "gone.png picture-not-kept" }));
        await AssertAllAreOfAsync(StandInEncoders.ModelName);
        Assert.That(await CountMatchesAsync(client, 300f), Is.EqualTo(1));

        var ended = await EndAsync(await StartAsync(Reembed + "&dropFailed=true"));

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That((ended.GetProperty("inserted").GetInt32(), ended.GetProperty("failed").GetInt32()), Is.EqualTo((20, 2)));
        Assert.That(await WithAsync(db => db.Images.CountAsync()), Is.EqualTo(20));
        Assert.That(await WithAsync(db => db.FaceRemovals.CountAsync()), Is.EqualTo(2));
        await UntilSearchedByAsync(client, StandInEncoders.SecondModelName, Promised);
        Assert.That(await CountMatchesAsync(client, 300f) + await CountMatchesAsync(client, 301f), Is.Zero);
        Assert.That(await CountMatchesAsync(client, 5f), Is.EqualTo(1));
    }

    [Test]
    public async Task SeveralFacesOfAPicture_EachGetsItsOwn()
    {
        await EnrolAsync(1);
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(50f, 60f));
        await WithAsync(async db =>
        {
            var image = await db.Images.Include(i => i.Faces).OrderByDescending(i => i.Id).FirstAsync();
            var second = Server.Encoders.Detect(StandInEncoders.Picture(50f, 60f), CancellationToken.None).Value.Faces[1];
            image.Faces.Add(new Domain.Faces.Face
            {
                CollectionId = image.CollectionId,
                Box = second.Box with { X = second.Box.X + 2 },
                Embedding = StandInEncoders.EmbeddingOf(60f),
                Model = StandInEncoders.ModelName,
            });
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        var ended = await EndAsync(await StartAsync(Reembed));

        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(2), ended.ToString());
        var embeddings = await WithAsync(db => db.Faces.OrderBy(face => face.Id).Select(face => face.Embedding).ToListAsync());
        Assert.That(embeddings.Select(embedding => embedding.Values[1]), Is.EqualTo(new[] { 1f, 50f, 60f }));
    }

    [Test]
    public async Task Refusals_NameTheReason()
    {
        await EnrolAsync(30);
        using var gate = new EngineGate(Server);
        var running = await StartAsync(Reembed);
        await gate.Reached;

        await AssertRefusedAsync(Reembed, HttpStatusCode.Conflict, "jobs-running");
        await AssertRefusedAsync("/v1/collections/default/reembed?profile=stand-in", HttpStatusCode.Conflict, "same-model");
        await AssertRefusedAsync("/v1/collections/default/reembed?profile=none", HttpStatusCode.BadRequest, "unknown-profile");
        await AssertRefusedAsync("/v1/collections/none/reembed", HttpStatusCode.NotFound, "collection-not-found");

        gate.Open();
        await EndAsync(running);
        await WithAsync(db => db.Images.Select(image => image.Content!).ExecuteDeleteAsync());
        await AssertRefusedAsync("/v1/collections/default/reembed?profile=stand-in", HttpStatusCode.Conflict, "pictures-not-kept");
    }

    [Test]
    public async Task Restart_AfterTheSwitch_DoesNotUseTheOldSnapshot()
    {
        await EnrolAsync(5);
        var other = NewServer();
        using (Client(other))
            await other.DisposeAsync();
        Assert.That(Directory.GetFiles(Path.Combine(Database.Folder, "data", "index")), Is.Not.Empty);

        var snapshot = Directory.GetFiles(Path.Combine(Database.Folder, "data", "index")).Single();
        var old = await File.ReadAllBytesAsync(snapshot);
        await EndAsync(await StartAsync(Reembed));
        await UntilSearchedByAsync(client, StandInEncoders.SecondModelName, Promised);
        await UntilAsync(() => !File.Exists(snapshot));
        await File.WriteAllBytesAsync(snapshot, old);

        var late = NewServer();
        using var lateClient = Client(late);
        Assert.That(await CountMatchesAsync(lateClient, 3f), Is.EqualTo(1));
        Assert.That(await ModelOfASearchAsync(lateClient), Is.EqualTo(StandInEncoders.SecondModelName));
    }

    private TestServer NewServer(params (string Name, string Value)[] settings)
    {
        var server = Database.NewServer();
        foreach (var (name, value) in settings.Prepend(("Enrolment:BatchSize", "16")).Prepend(("Enrolment:LeaseSeconds", "1")))
            server.Settings[name] = value;
        return server;
    }

    private HttpClient Client(TestServer server)
    {
        var made = server.CreateClient();
        made.DefaultRequestHeaders.Add("X-Api-Key", key);
        return made;
    }

    /// <summary>Faces 1 to n, one per picture.</summary>
    private async Task EnrolAsync(int count)
    {
        client = Server.CreateClient();
        key = await Server.IssueKeyAsync(AccessScopes.All);
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        var zip = Archives.Zip([.. Enumerable.Range(1, count).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]);
        var ended = await EndAsync(await StartAsync(() => PostZipAsync(zip)));
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(count));
    }

    private Task<HttpResponseMessage> PostZipAsync(byte[] zip) => client.PostAsync(
        "/v1/collections/default/jobs", new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "faces.zip" } });

    private Task<string> StartAsync(string path) => StartAsync(() => client.PostAsync(path, null));

    private static async Task<string> StartAsync(Func<Task<HttpResponseMessage>> post)
    {
        using var response = await post();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await response.Content.ReadAsStringAsync());
        return response.Headers.Location!.ToString();
    }

    private async Task<JsonElement> EndAsync(string location, HttpClient? at = null)
    {
        JsonElement job = default;
        await UntilAsync(async () =>
        {
            job = await (await (at ?? client).GetAsync(location)).ReadJsonAsync();
            return job.GetProperty("endedAt").ValueKind != JsonValueKind.Null;
        });
        return job;
    }

    private async Task<JsonElement> GetAsync(string path) => await (await client.GetAsync(path)).ReadJsonAsync();

    private async Task AssertRefusedAsync(string path, HttpStatusCode status, string code)
    {
        using var response = await client.PostAsync(path, null);
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":" + code));
    }

    private async Task AssertAllAreOfAsync(string model)
    {
        var place = model == StandInEncoders.ModelName ? 0 : 1;
        var faces = await WithAsync(db => db.Faces.AsNoTracking().ToListAsync());
        var collection = await WithAsync(db => db.Collections.AsNoTracking().SingleAsync());

        Assert.That(collection.Model, Is.EqualTo(model));
        Assert.That(faces.Select(face => face.Model).Distinct(), Is.EqualTo(new[] { model }));
        Assert.That(faces.Where(face => face.Embedding.Values[place] == 0 || face.Embedding.Values[1 - place] != 0), Is.Empty);
        if (model == StandInEncoders.SecondModelName)
            Assert.That(await WithAsync(db => db.ShadowEmbeddings.CountAsync()), Is.Zero);
    }

    private static async Task SearchOnAsync(HttpClient client, ConcurrentBag<Answer> answers, CancellationToken stop)
    {
        for (var face = 1; !stop.IsCancellationRequested; face = face % Faces + 1)
        {
            var response = await client.PostPictureAsync("/search_faces/?tolerance=0.3", StandInEncoders.Picture(face));
            var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
            var json = JsonDocument.Parse(text).RootElement;
            var isRight = response.IsSuccessStatusCode
                && json.GetProperty("faces")[0].GetProperty("matches") is var matches
                && matches.GetArrayLength() == 1
                && matches[0].GetProperty("distance").GetSingle() == 0;
            answers.Add(new Answer(isRight ? json.GetProperty("model").GetString()! : "none", isRight, isRight ? "" : $"{face}: {text}"));
        }
    }

    private static async Task EnrolOnAsync(HttpClient client, ConcurrentQueue<float> enrolled, CancellationToken stop)
    {
        for (var face = 2000f; !stop.IsCancellationRequested; face++)
        {
            var response = await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(face));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync(CancellationToken.None));
            Assert.That(await CountMatchesAsync(client, face), Is.EqualTo(1), $"{face} is found when its 201 has been sent");
            enrolled.Enqueue(face);
        }
    }

    private static async Task<string?> ModelOfASearchAsync(HttpClient client) =>
        (await (await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f))).ReadJsonAsync()).GetProperty("model").GetString();

    private static async Task UntilSearchedByAsync(HttpClient client, string model, TimeSpan within) =>
        Assert.That(await EventuallyAsync(async () => await ModelOfASearchAsync(client) == model, within), Is.True);

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds) => Assert.That(await EventuallyAsync(holds, Patience), Is.True);

    private sealed record Answer(string Model, bool IsRight, string Wrong);

    /// <summary>Blocks the engines of servers after some work.</summary>
    private sealed class EngineGate : IDisposable
    {
        private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left;

        public EngineGate(params TestServer[] servers)
            : this(0, servers)
        {
        }

        public EngineGate(int after, params TestServer[] servers)
        {
            left = after;
            foreach (var server in servers)
                server.Encoders.BeforeWork = PassAsync;
        }

        public Task Reached => reached.Task.WaitAsync(Patience);

        public void Open() => open.TrySetResult();

        public void Dispose() => Open();

        private Task PassAsync()
        {
            if (Interlocked.Decrement(ref left) >= 0)
                return Task.CompletedTask;

            reached.TrySetResult();
            return open.Task;
        }
    }
}
