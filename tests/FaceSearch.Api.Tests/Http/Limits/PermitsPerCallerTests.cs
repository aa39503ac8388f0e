using System.Diagnostics.Metrics;
using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static FaceSearch.Api.Http.RateLimits.ImageConcurrencyLimit;

namespace FaceSearch.Api.Tests.Http.Limits;

/// <summary>One caller's calls do not take the permits of all.</summary>
internal sealed class PermitsPerCallerTests
{
    private TestServer server;
    private HttpClient one, other;

    [SetUp]
    public async Task StartAsync()
    {
        server = new TestServer("Production");
        one = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        other = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        other.DefaultRequestHeaders.Add("X-Other", "1");
    }

    [TearDown]
    public void Stop()
    {
        one.Dispose();
        other.Dispose();
        server.Dispose();
    }

    [Test, Category("Fault-A7"), CancelAfter(60_000)]
    public async Task Searches_OfOneCallerThatHoldAllItsPermits_LeaveRoomForOthers(CancellationToken ct)
    {
        var release = new TaskCompletionSource();
        using var inEngine = new SemaphoreSlim(0);
        var http = server.Services.GetRequiredService<IHttpContextAccessor>();
        server.Encoders.BeforeWork = () =>
        {
            if (http.HttpContext!.Request.Headers.ContainsKey("X-Other"))
                return Task.CompletedTask;

            inEngine.Release();
            return release.Task;
        };

        var held = Enumerable.Range(0, 2 * AtOnce(PicturesPolicy)).Select(_ => SearchAsync(one, ct)).ToArray();
        for (var i = 0; i < AtOncePerCaller(PicturesPolicy); i++)
            await inEngine.WaitAsync(ct);
        var others = await SearchAsync(other, ct);
        var further = inEngine.CurrentCount;
        release.SetResult();

        Assert.That(others, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(further, Is.Zero);
        Assert.That(await Task.WhenAll(held), Is.All.EqualTo(HttpStatusCode.OK), "the others waited for a permit");
    }

    [Test, Category("Fault-A13"), CancelAfter(60_000)]
    public async Task Pictures_ThatOneCallerDoesNotRead_AreNotInMemoryAllAtOnce(CancellationToken ct)
    {
        var picture = StandInEncoders.Picture(new byte[1_000_000], string.Empty, 1f);
        var added = await (await one.PostPictureAsync("/add_face", picture)).ReadJsonAsync();
        var path = $"/v1/collections/default/faces/{added.GetProperty("face").Text("faceId")}/image";
        var most = AtOncePerCaller(StoredPicturesPolicy);

        var unread = Enumerable.Range(0, 2 * AtOnce(StoredPicturesPolicy))
            .Select(_ => one.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct)).ToArray();
        while (unread.Count(answer => answer.IsCompleted) < most)
            await Task.WhenAny(unread.Where(answer => !answer.IsCompleted));
        var others = await other.GetByteArrayAsync(path, ct);
        var begun = unread.Count(answer => answer.IsCompleted);

        Assert.That(others, Is.EqualTo(picture));
        Assert.That(begun, Is.EqualTo(most));
        await foreach (var answer in Task.WhenEach(unread).WithCancellation(ct))
            (await answer).Dispose();
    }

    [Test, CancelAfter(60_000)]
    public async Task Change_WhoseCallerDisconnectsInTheQueue_IsNotMade(CancellationToken ct)
    {
        var release = new TaskCompletionSource();
        using var inEngine = new SemaphoreSlim(0);
        server.Encoders.BeforeWork = () =>
        {
            inEngine.Release();
            return release.Task;
        };
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var most = AtOncePerCaller(PicturesPolicy);
        var held = Enumerable.Range(0, most).Select(i => AddAsync(i, ct)).ToArray();
        for (var i = 0; i < most; i++)
            await inEngine.WaitAsync(ct);

        using var queue = new QueueListener(server.Services.GetRequiredService<IMeterFactory>());
        var queued = AddAsync(1000, hangUp.Token);
        await queue.Entered.WaitAsync(ct);
        await hangUp.CancelAsync();
        Assert.That(() => queued, Throws.InstanceOf<OperationCanceledException>());
        release.SetResult();
        await Task.WhenAll(held);
        await AddAsync(1001, ct);

        await using var scope = server.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>();
        Assert.That(await db.Images.CountAsync(ct), Is.EqualTo(most + 1));
    }

    private Task<HttpResponseMessage> AddAsync(int face, CancellationToken ct) => one.PostAsync(
        "/add_face", new MultipartFormDataContent { { new ByteArrayContent(StandInEncoders.Picture(face)), "file", $"{face}.png" } }, ct);

    /// <summary>Completes when a request waits for a permit.</summary>
    private sealed class QueueListener : IDisposable
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly MeterListener listener = new();

        public QueueListener(IMeterFactory meters)
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "aspnetcore.rate_limiting.queued_requests" && instrument.Meter.Scope == meters)
                    listening.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, change, _, _) =>
            {
                if (change > 0)
                    entered.TrySetResult();
            });
            listener.Start();
        }

        public Task Entered => entered.Task;

        public void Dispose() => listener.Dispose();
    }

    private static async Task<HttpStatusCode> SearchAsync(HttpClient client, CancellationToken ct)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(StandInEncoders.Picture(1f)), "file", "x.png" } };
        using var answer = await client.PostAsync("/search_faces", form, ct);
        return answer.StatusCode;
    }
}
