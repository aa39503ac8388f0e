using System.Net;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Idempotency;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using Mediator;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Http;

internal sealed class IdempotencyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>POSTs that write nothing.</summary>
    private static readonly string[] Reads =
        ["searchFaces", "searchCollection", "searchByEmbedding", "detectFaces", "verifyFaces", "calibrateCollection", "getFaceInfo"];

    private TestServer server;
    private HttpClient client;
    private int keys;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = new TestServer();
        client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [TearDown]
    public void LetGo() => server.Encoders.BeforeWork = () => Task.CompletedTask;

    [Test]
    public void EveryPostThatWrites_TakesAnIdempotencyKey()
    {
        var missing = server.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Where(endpoint => endpoint.Metadata.GetMetadata<FaceSearch.Api.Http.Idempotency.IdempotentAttribute>() is null)
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName);

        Assert.That(missing, Is.SubsetOf(Reads));
    }

    [Test]
    public async Task AddFace_Repeated_AnswersTheSameAndAddsOnce()
    {
        var key = NewKey();
        var first = await AddAsync(key, 1f);
        var again = await AddAsync(key, 1f);

        Assert.That((first.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Created)));
        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That(again.Content.Headers.ContentType, Is.EqualTo(first.Content.Headers.ContentType));
        Assert.That((IsReplayed(first), IsReplayed(again)), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task AddFace_RefusedThenRepeated_GetsTheSameRefusal()
    {
        var key = NewKey();
        await PostAsync("/add_face", Form([.. StandInEncoders.Picture()]), key);
        var again = await PostAsync("/add_face", Form([.. StandInEncoders.Picture()]), key);

        Assert.That(await again.ReadProblemAsync(), Is.EqualTo("no-face"));
        Assert.That(IsReplayed(again), Is.True);
    }

    [Test]
    public async Task OtherRequest_WithTheSameKey_Is422()
    {
        var key = NewKey();
        await AddAsync(key, 2f);

        Assert.That(await (await AddAsync(key, 2.5f)).ReadProblemAsync(), Is.EqualTo("idempotency-key-reused"));
        Assert.That(
            await (await PostAsync("/add_face?other", Form(StandInEncoders.Picture(2f)), key)).ReadProblemAsync(),
            Is.EqualTo("idempotency-key-reused"));
        Assert.That(
            await (await PostAsync("/v1/collections", Json("""{"name":"x"}"""), key)).ReadProblemAsync(),
            Is.EqualTo("idempotency-key-reused"));
        Assert.That((await AddAsync(NewKey(), 2.5f)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task SameKey_OfAnotherCaller_IsAnotherKey()
    {
        var key = NewKey();
        using var other = server.CreateClient(await server.IssueKeyAsync(AccessScopes.Write));
        await AddAsync(key, 3f);

        var answer = await other.PostOnceAsync("/add_face", Form(StandInEncoders.Picture(3.5f)), key);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Repeat_WhileTheFirstIsInFlight_Is409()
    {
        var (entered, release) = HoldEngine();
        var key = NewKey();
        var first = AddAsync(key, 4f);
        await entered;

        var meanwhile = await AddAsync(key, 4f);
        release();

        Assert.That(await meanwhile.ReadProblemAsync(), Is.EqualTo("idempotency-key-in-use"));
        Assert.That(meanwhile.Headers.RetryAfter, Is.Not.Null);
        Assert.That((await first).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(IsReplayed(await AddAsync(key, 4f)), Is.True);
    }

    [Test]
    public async Task ClientDisconnects_RequestFinishes_AndTheRetryGetsTheAnswer()
    {
        var (entered, release) = HoldEngine();
        var key = NewKey();
        using var hangUp = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/add_face") { Content = Form(StandInEncoders.Picture(5f)) };
        request.Headers.Add("Idempotency-Key", key);
        var first = client.SendAsync(request, hangUp.Token);
        await entered;
        await hangUp.CancelAsync();
        release();
        Assert.That(() => first, Throws.Exception);

        var again = await RetryWhileInUseAsync(() => AddAsync(key, 5f));

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(IsReplayed(again), Is.True);
    }

    [Test]
    public async Task ServerFails_ReleasesTheKey()
    {
        var key = NewKey();
        server.Encoders.BeforeWork = () => throw new InvalidOperationException("The engine broke.");
        var first = await AddAsync(key, 6f);
        LetGo();

        var again = await AddAsync(key, 6f);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(IsReplayed(again), Is.False);
    }

    [Test]
    public async Task ProcessDied_ItsClaimExpires()
    {
        var key = NewKey();
        await AddRowAsync(key, TimeSpan.FromSeconds(10));
        Assert.That(await (await AddAsync(key, 7f)).ReadProblemAsync(), Is.EqualTo("idempotency-key-in-use"));

        await AgeAsync(key, IdempotencyStore.ClaimTimeout);

        Assert.That((await AddAsync(key, 7f)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(IsReplayed(await AddAsync(key, 7f)), Is.True);
    }

    [Test]
    public async Task Answer_OlderThanADay_IsForgotten()
    {
        var (key, pruned) = (NewKey(), NewKey());
        await AddAsync(key, 8f);
        await AddAsync(pruned, 8.5f);
        await AgeAsync(key, IdempotencyStore.Retention);
        await AgeAsync(pruned, IdempotencyStore.Retention);

        var again = await AddAsync(key, 8f);
        await using var scope = server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ISender>().Send(new PruneIdempotentRequestsCommand());

        Assert.That(await again.ReadProblemAsync(), Is.EqualTo("duplicate-picture"));
        Assert.That(await WithRowsAsync(rows => rows.AnyAsync(row => row.Key == pruned)), Is.False);
        Assert.That(await WithRowsAsync(rows => rows.AnyAsync(row => row.Key == key)), Is.True);
    }

    [Test]
    public async Task BulkEnrolment_Repeated_IsOneJob()
    {
        var key = NewKey();
        var zip = Archives.Zip(("a.png", StandInEncoders.Picture(9f)), ("b.png", StandInEncoders.Picture(9.5f)));
        var first = await PostAsync("/add_faces_in_bulk", Form(zip), key);
        var again = await PostAsync("/add_faces_in_bulk", Form(zip), key);

        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That((await again.ReadJsonAsync()).GetProperty("inserted").GetInt32(), Is.EqualTo(2));
        Assert.That(IsReplayed(again), Is.True);
    }

    [Test]
    public async Task IssueKey_Repeated_IsRefused_AndTheSecretIsNotStored()
    {
        var key = NewKey();
        const string Body = """{"name":"once","scopes":["read"]}""";
        var first = await PostAsync("/v1/keys", Json(Body), key);
        var secret = (await first.ReadJsonAsync()).GetProperty("key").GetProperty("secret").GetString()!;

        var again = await PostAsync("/v1/keys", Json(Body), key);

        Assert.That(await again.ReadProblemAsync(), Is.EqualTo("secret-not-kept"));
        Assert.That(again.Headers.Location, Is.EqualTo(first.Headers.Location));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(server.DatabaseFile)!))
            Assert.That((await ReadAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)), Is.EqualTo(-1), file);
    }

    [TestCase("with space")]
    [TestCase("café")]
    public async Task MalformedKey_Is400(string key) =>
        Assert.That(await (await AddAsync(key, 1f)).ReadProblemAsync(), Is.EqualTo("malformed-idempotency-key"));

    [Test]
    public async Task TooLongKey_Is400() =>
        Assert.That(
            await (await AddAsync(new string('k', 256), 1f)).ReadProblemAsync(), Is.EqualTo("malformed-idempotency-key"));

    /// <summary>Any interleaving of two requests with one key has one effect, and every answer is of that effect.</summary>
    [Test]
    public void AnyInterleaving_OfTwoBodies_HasOneEffectAndOneAnswer() =>
        Prop.ForAll(
            Gen.Elements('a', 'b').NonEmptyListOf().ToArbitrary(),
            bodies => OneEffectAsync([.. bodies.Take(8)]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    private async Task<bool> OneEffectAsync(char[] bodies)
    {
        var key = NewKey();
        var answers = await Task.WhenAll(bodies.Select(async body =>
        {
            var answer = await RetryWhileInUseAsync(
                () => PostAsync("/v1/collections", Json($$"""{"name":"{{key}}-{{body}}"}"""), key));
            return (Body: body, answer.StatusCode, IsReplayed: IsReplayed(answer), Text: await answer.Content.ReadAsStringAsync());
        }));

        var made = new List<char>();
        foreach (var body in new[] { 'a', 'b' })
        {
            if ((await client.GetAsync($"/v1/collections/{key}-{body}")).IsSuccessStatusCode)
                made.Add(body);
        }

        var winners = answers.Where(answer => answer.StatusCode == HttpStatusCode.Created).ToArray();
        return made is [var only]
            && winners.Length == bodies.Count(body => body == only)
            && winners.All(winner => winner.Body == only)
            && winners.Count(winner => !winner.IsReplayed) == 1
            && winners.Select(winner => winner.Text).Distinct().Count() == 1
            && answers.Except(winners).All(loser => loser.StatusCode == HttpStatusCode.UnprocessableEntity);
    }

    private static async Task<HttpResponseMessage> RetryWhileInUseAsync(Func<Task<HttpResponseMessage>> send)
    {
        for (var deadline = DateTime.UtcNow + Patience; ; await Task.Yield())
        {
            var answer = await send();
            if (answer.StatusCode != HttpStatusCode.Conflict || DateTime.UtcNow > deadline)
                return answer;
        }
    }

    private string NewKey() => $"key{Interlocked.Increment(ref keys)}";

    private Task<HttpResponseMessage> AddAsync(string key, float face) =>
        PostAsync("/add_face", Form(StandInEncoders.Picture(face)), key);

    private Task<HttpResponseMessage> PostAsync(string path, HttpContent content, string key) =>
        client.PostOnceAsync(path, content, key);

    /// <summary>A new boundary for each attempt, like every client.</summary>
    private static MultipartFormDataContent Form(byte[] file) =>
        new(Guid.NewGuid().ToString()) { { new ByteArrayContent(file), "file", "file.png" } };

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static bool IsReplayed(HttpResponseMessage answer) => answer.Headers.Contains("Idempotency-Replayed");

    /// <summary>Blocks the engine until it is released.</summary>
    private (Task Entered, Action Release) HoldEngine()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Encoders.BeforeWork = () =>
        {
            entered.TrySetResult();
            return release.Task;
        };
        return (entered.Task, release.SetResult);
    }

    private Task<int> AddRowAsync(string key, TimeSpan age) => WithDbAsync(async db =>
    {
        db.IdempotentRequests.Add(new Domain.Idempotency.IdempotentRequest
        {
            ApiKeyId = await MyIdAsync(db),
            Key = key,
            RequestHash = new string('0', 64),
            CreatedAt = DateTime.UtcNow - age,
        });
        return await db.SaveChangesAsync(CancellationToken.None);
    });

    private async Task<long> MyIdAsync(IFaceSearchDbContext db)
    {
        var hash = ApiKey.HashOf(client.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
        return await db.ApiKeys.Where(key => key.Hash == hash).Select(key => key.Id).SingleAsync();
    }

    private Task<int> AgeAsync(string key, TimeSpan by) => WithRowsAsync(async rows =>
    {
        var aged = DateTime.UtcNow - by - TimeSpan.FromSeconds(1);
        return await rows.Where(row => row.Key == key)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, aged));
    });

    private Task<T> WithRowsAsync<T>(Func<DbSet<Domain.Idempotency.IdempotentRequest>, Task<T>> use) =>
        WithDbAsync(db => use(db.IdempotentRequests));

    private async Task<T> WithDbAsync<T>(Func<IFaceSearchDbContext, Task<T>> use)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>());
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
