using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Idempotency;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaceSearch.Api.Tests.Http;

/// <summary>How the claim of a key is renewed, on a clock that the tests move.</summary>
[Category("Fault-C10")]
internal sealed class IdempotencyRenewalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    private TestServer server;
    private HttpClient client;

    [SetUp]
    public async Task StartAsync()
    {
        server = new TestServer { Replacing = services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)) };
        client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
    }

    [TearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task FailedRenewal_IsRepeated_AndALostClaimIsSeen()
    {
        var claim = (await Store(server.Services).BeginAsync(0, "key", CancellationToken.None)).Claim!;
        var scopes = new ScopesAfterAnOutage(server.Services.GetRequiredService<IServiceScopeFactory>());
        await using var lease = new ClaimLease(
            new IdempotencyStore(scopes), claim, clock, NullLogger.Instance, CancellationToken.None);

        clock.Advance(IdempotencyStore.HeartbeatInterval);
        await scopes.Failed.Task.WaitAsync(Patience);
        await TakeOverAsync();
        clock.Advance(IdempotencyStore.HeartbeatInterval);

        Assert.That(() => Task.Delay(Patience, lease.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(lease.IsLost, Is.True);
    }

    [Test]
    public async Task LostClaim_CancelsItsRequest()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Encoders.BeforeWork = () =>
        {
            entered.TrySetResult();
            return Task.Delay(Patience);
        };
        using var form = new MultipartFormDataContent { { new ByteArrayContent(StandInEncoders.Picture(1f)), "file", "a.png" } };
        var first = client.PostOnceAsync("/add_face", form, "key");
        await entered.Task;

        await TakeOverAsync();
        clock.Advance(IdempotencyStore.HeartbeatInterval);

        Assert.That(await (await first).ReadProblemAsync(), Is.EqualTo("idempotency-key-in-use"));
        Assert.That(await WithDbAsync(db => db.Faces.AnyAsync()), Is.False);
    }

    [Test]
    public async Task NewClaim_HasTheTimeOfTheDatabase()
    {
        await Store(server.Services).BeginAsync(0, "key", CancellationToken.None);

        var isRecent = await WithDbAsync(db => db.IdempotentRequests
            .Select(request => request.CreatedAt > DateTime.UtcNow.AddSeconds(-60)).SingleAsync());

        Assert.That(isRecent, Is.True);
    }

    private static IdempotencyStore Store(IServiceProvider services) => services.GetRequiredService<IdempotencyStore>();

    /// <summary>As another process does when the claim has expired.</summary>
    private Task<int> TakeOverAsync() => WithDbAsync(db => db.IdempotentRequests
        .ExecuteUpdateAsync(set => set.SetProperty(request => request.RequestHash, new string('1', 64))));

    private async Task<T> WithDbAsync<T>(Func<IFaceSearchDbContext, Task<T>> use)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>());
    }

    private sealed class ScopesAfterAnOutage(IServiceScopeFactory scopes) : IServiceScopeFactory
    {
        public TaskCompletionSource Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IServiceScope CreateScope() => Failed.TrySetResult()
            ? throw new InvalidOperationException("The database is unreachable.")
            : scopes.CreateScope();
    }
}
