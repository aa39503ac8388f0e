using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Infrastructure.FaceEngine;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

/// <summary>An engine with four cores and 64 MB for pictures.</summary>
[Category("Fault-A10"), CancelAfter(60_000)]
public sealed class PictureMemoryTests
{
    private static readonly PictureCost Half = Cost(32), All = Cost(64), Most = Cost(40);

    private FakeTimeProvider time;
    private TaskCompletionSource release;
    private FaceEncoders encoders;

    [SetUp]
    public void Open()
    {
        (time, release) = (new FakeTimeProvider(), new TaskCompletionSource());
        encoders = new FaceEncoders(null!, null!, Options.Create(new EngineOptions { Concurrency = 4, MemoryMegabytes = 64 }), time);
    }

    [TearDown]
    public void Close()
    {
        release.TrySetResult();
        encoders.Dispose();
    }

    [Test]
    public async Task Pictures_ThatFitTogether_RunTogether(CancellationToken ct)
    {
        var (first, second) = (await HoldAsync(Half, ct), await HoldAsync(Half, ct));

        release.SetResult();

        Assert.That((await first.Done).Value + (await second.Done).Value, Is.EqualTo(2));
    }

    [Test]
    public async Task Picture_ThatDoesNotFit_WaitsUntilItDoes(CancellationToken ct)
    {
        var held = await HoldAsync(Most, ct);
        var waiting = Start(Most, PictureWait.Request, ct);
        Assert.That(waiting.Started.IsCompleted, Is.False);

        release.SetResult();

        Assert.That((await waiting.Done).Value, Is.EqualTo(1));
        Assert.That((await held.Done).IsSuccess);
    }

    [Test]
    public async Task Picture_ThatDoesNotFitFor30Seconds_IsBusy_AndLeavesTheQueue(CancellationToken ct)
    {
        var held = await HoldAsync(Most, ct);
        var waiting = Start(Most, PictureWait.Request, ct);

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(waiting.Done.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await waiting.Done).Error, Is.EqualTo(CommonErrors.Busy));
        release.SetResult();
        await held.Done;
        Assert.That((await Start(All, PictureWait.Request, ct).Done).IsSuccess);
    }

    [Test]
    public async Task PictureOfAJob_Waits_UntilItIsCancelled(CancellationToken ct)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await HoldAsync(Most, ct);
        var waiting = Start(Most, PictureWait.Job, cancel.Token);

        time.Advance(TimeSpan.FromDays(1));
        Assert.That(waiting.Done.IsCompleted, Is.False);
        await cancel.CancelAsync();

        Assert.That(() => waiting.Done, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Picture_ThatTakesMoreThanThereIs_IsRefusedAtOnce(CancellationToken ct)
    {
        await HoldAsync(All, ct);

        var refused = await Start(Cost(65), PictureWait.Job, ct).Done;

        Assert.That((refused.Error?.Kind, refused.Error?.Code), Is.EqualTo((ErrorKind.TooLarge, "too-many-pixels")));
        Assert.That(refused.Error?.Message, Does.Contain("65 MB").And.Contain("64 MB"));
    }

    /// <summary>An estimate of the networks' part must not refuse what can be decoded.</summary>
    [Test]
    public async Task Picture_WhoseWorkTakesMoreThanThereIs_RunsAlone(CancellationToken ct)
    {
        var alone = await HoldAsync(new PictureCost(0, 1000L << 20, 32L << 20), ct);
        var waiting = Start(Cost(1), PictureWait.Request, ct);
        Assert.That(waiting.Started.IsCompleted, Is.False);

        release.SetResult();

        Assert.That((await alone.Done).Value + (await waiting.Done).Value, Is.EqualTo(2));
    }

    [Test]
    public async Task PicturesOfJobs_WaitOneAtATime_SoARequestIsNotBehindAll(CancellationToken ct)
    {
        var held = await HoldAsync(Most, ct);
        var order = new ConcurrentQueue<string>();
        var works = new (string Name, TimeSpan Wait)[]
        {
            ("job", PictureWait.Job), ("second of the job", PictureWait.Job), ("third of the job", PictureWait.Job), ("request", PictureWait.Request),
        }
            .Select(work => encoders.RunAsync<int>(Most, work.Wait, () => Note(order, work.Name), ct))
            .ToArray();

        release.SetResult();
        await Task.WhenAll([held.Done, .. works]);

        Assert.That(order.Take(2), Is.EqualTo(new[] { "job", "request" }));
    }

    private static Result<int> Note(ConcurrentQueue<string> order, string name)
    {
        order.Enqueue(name);
        return order.Count;
    }

    [Test]
    public async Task PictureThatThrows_FreesItsMemory(CancellationToken ct)
    {
        Assert.That(
            () => encoders.RunAsync<int>(All, PictureWait.Job, () => throw new InvalidDataException(), ct),
            Throws.InstanceOf<InvalidDataException>());

        Assert.That((await Start(All, PictureWait.Job, ct, hold: false).Done).IsSuccess);
    }

    [Test]
    public void Limit_ByDefault_IsHalfOfWhatTheCollectorMayHave()
    {
        using var memory = new PictureMemory(new EngineOptions(), time);

        Assert.That(memory.Limit, Is.EqualTo(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2));
    }

    /// <summary>Begins to work on a picture and keeps its memory until the release.</summary>
    private async Task<Work> HoldAsync(PictureCost cost, CancellationToken ct)
    {
        var work = Start(cost, PictureWait.Request, ct);
        await work.Started.WaitAsync(ct);
        return work;
    }

    private Work Start(PictureCost cost, TimeSpan wait, CancellationToken ct, bool hold = true)
    {
        var started = new TaskCompletionSource();
        var done = encoders.RunAsync<int>(
            cost,
            wait,
            () =>
            {
                started.SetResult();
                if (hold)
                    release.Task.Wait(ct);
                return 1;
            },
            ct);
        return new Work(started.Task, done);
    }

    private static PictureCost Cost(int megabytes) => new(0, (long)megabytes << 20, (long)megabytes << 20);

    private sealed record Work(Task Started, Task<Result<int>> Done);
}
