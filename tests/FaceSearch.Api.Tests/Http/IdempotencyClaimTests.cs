using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Idempotency;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Http;

/// <summary>How long a key is claimed: by requests at the same time, after failures, and until its answer is forgotten.</summary>
internal sealed class IdempotencyClaimTests : IdempotencyFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [TearDown]
    public void LetGo() => Server.Encoders.BeforeWork = () => Task.CompletedTask;

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
        var first = Client.SendAsync(request, hangUp.Token);
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
        Server.Encoders.BeforeWork = () => throw new InvalidOperationException("The engine broke.");
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
        await using var scope = Server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ISender>().Send(new PruneIdempotentRequestsCommand());

        Assert.That(await again.ReadProblemAsync(), Is.EqualTo("duplicate-picture"));
        Assert.That(await WithRowsAsync(rows => rows.AnyAsync(row => row.Key == pruned)), Is.False);
        Assert.That(await WithRowsAsync(rows => rows.AnyAsync(row => row.Key == key)), Is.True);
    }

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
            if ((await Client.GetAsync($"/v1/collections/{key}-{body}")).IsSuccessStatusCode)
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

    /// <summary>Blocks the engine until it is released.</summary>
    private (Task Entered, Action Release) HoldEngine()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Encoders.BeforeWork = () =>
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
        var hash = ApiKey.HashOf(Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single());
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
        await using var scope = Server.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>());
    }
}
