using FaceSearch.Application.Transfer;

namespace FaceSearch.Application.Tests.Transfer;

[Category("Fault-A15")]
internal sealed class ExportSpoolTests
{
    private const long Plenty = long.MaxValue;

    private string folder;

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;

    [TearDown]
    public void Delete()
    {
        Assert.That(Directory.GetFiles(folder), Is.Empty);
        Directory.Delete(folder);
    }

    [Test]
    public async Task Reader_GetsEveryByte([Values(0, 1, 65_536, 1_000_003)] int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        await using var spool = NewSpool(() => Plenty);
        using var reader = new MemoryStream();

        await spool.CopyAsync((stream, ct) => WriteAsync(stream, bytes, ct), reader, CancellationToken.None);

        Assert.That(reader.ToArray(), Is.EqualTo(bytes));
        Assert.That(spool.Length, Is.Zero, "what was read is deleted");
    }

    [Test]
    public async Task StalledReader_DoesNotHoldTheWriter()
    {
        await using var spool = NewSpool(() => Plenty);
        using var reader = new StalledStream();
        var hasWritten = new TaskCompletionSource();

        var copying = spool.CopyAsync(
            async (stream, ct) =>
            {
                await WriteAsync(stream, new byte[1_000_000], ct);
                hasWritten.SetResult();
            },
            reader, CancellationToken.None);
        await hasWritten.Task;
        var held = spool.Length;
        reader.GoOn();
        await copying;

        Assert.That(held, Is.GreaterThan(900_000));
        Assert.That(reader.Length, Is.EqualTo(1_000_000));
    }

    [Test]
    public async Task FullDisk_TheWriterWaitsForTheReader()
    {
        await using var spool = NewSpool(() => 0);
        using var reader = new StalledStream();

        var copying = spool.CopyAsync((stream, ct) => WriteAsync(stream, new byte[1_000_000], ct), reader, CancellationToken.None);
        await reader.Stalled;
        var held = spool.Length;
        reader.GoOn();
        await copying;

        Assert.That(held, Is.LessThan(300_000));
        Assert.That(reader.Length, Is.EqualTo(1_000_000));
    }

    [Test]
    public async Task WriterThatFails_IsReported()
    {
        await using var spool = NewSpool(() => Plenty);
        using var reader = new MemoryStream();

        Assert.That(
            () => spool.CopyAsync((_, _) => Task.FromException(new InvalidOperationException()), reader, CancellationToken.None),
            Throws.InvalidOperationException);
    }

    [Test]
    public async Task ReaderThatFails_StopsTheWriter()
    {
        await using var spool = NewSpool(() => Plenty);
        using var reader = new MemoryStream([], writable: false);

        Assert.That(
            () => spool.CopyAsync(
                async (stream, ct) =>
                {
                    await stream.WriteAsync(new byte[10], ct);
                    await Task.Delay(Timeout.Infinite, ct);
                },
                reader, CancellationToken.None),
            Throws.InstanceOf<NotSupportedException>());
    }

    private ExportSpool NewSpool(Func<long> freeBytes) => new(Path.Combine(folder, "export.part"), freeBytes);

    private static async Task WriteAsync(Stream stream, byte[] bytes, CancellationToken ct)
    {
        foreach (var part in bytes.Chunk(70_001))
            await stream.WriteAsync(part, ct);
    }

    /// <summary>The first write waits.</summary>
    private sealed class StalledStream : MemoryStream
    {
        private readonly TaskCompletionSource stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Stalled => stalled.Task;

        public void GoOn() => goOn.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            stalled.TrySetResult();
            await goOn.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
