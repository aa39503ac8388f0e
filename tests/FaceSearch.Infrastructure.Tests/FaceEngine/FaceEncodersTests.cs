using FaceSearch.Infrastructure.FaceEngine;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

public sealed class FaceEncodersTests
{
    [Test]
    public async Task RunAsync_MoreWorkThanCores_NeverMoreAtOnce()
    {
        using var encoders = new FaceEncoders(null!, null!, Options.Create(new EngineOptions { Concurrency = 2 }), TimeProvider.System);
        int running = 0, most = 0;
        var gate = new Lock();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => encoders.RunAsync(() =>
        {
            lock (gate)
                most = Math.Max(most, ++running);
            Thread.SpinWait(200_000);
            lock (gate)
                return --running;
        }, CancellationToken.None)));

        Assert.That(most, Is.EqualTo(2));
    }

    [Test]
    public async Task RunAsync_WorkThrows_CoreIsFreeAgain()
    {
        using var encoders = new FaceEncoders(null!, null!, Options.Create(new EngineOptions { Concurrency = 1 }), TimeProvider.System);

        Assert.That(
            () => encoders.RunAsync<int>(() => throw new InvalidDataException(), CancellationToken.None),
            Throws.InstanceOf<InvalidDataException>());

        Assert.That(await encoders.RunAsync(() => 5, CancellationToken.None), Is.EqualTo(5));
    }

    [Test]
    public void RunAsync_CancelledWhileWaiting_Throws()
    {
        using var encoders = new FaceEncoders(null!, null!, Options.Create(new EngineOptions { Concurrency = 1 }), TimeProvider.System);
        using var release = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var busy = encoders.RunAsync(() => release.Wait(TimeSpan.FromSeconds(30)), CancellationToken.None);
        var waiting = encoders.RunAsync(() => true, cancel.Token);

        cancel.Cancel();

        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        release.Set();
        Assert.That(() => busy, Throws.Nothing);
    }

    [Test]
    public void Default_BeforeLoad_SaysSo()
    {
        using var encoders = new FaceEncoders(null!, null!, Options.Create(new EngineOptions()), TimeProvider.System);

        Assert.That(() => encoders.Default, Throws.InvalidOperationException);
        Assert.That(encoders.Choice, Is.Null);
        Assert.That(encoders.TryGet("mobilefacenet-v1", out _), Is.False);
        Assert.That(encoders.TryGetProfile("mobile", out _), Is.False);
    }
}
