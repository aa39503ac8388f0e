using System.IO.Compression;
using FaceSearch.Cli.Import;

namespace FaceSearch.Cli.Tests.Import;

internal sealed class FolderPartTests
{
    private readonly List<string> unreadable = [];
    private string folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("facesearch-zip-").FullName;
        unreadable.Clear();
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task Archive_HasEveryFileUnchangedAndUncompressed()
    {
        var contents = new Dictionary<string, byte[]>
        {
            ["Ada Lovelace/a.jpg"] = Bytes(100_000, 1),
            ["Łukasz Žižka/ü.png"] = Bytes(1, 2),
            ["empty.gif"] = [],
            ["zeros.bmp"] = new byte[5000],
        };
        await using var archive = await Part(contents).OpenAsync(default);
        await using var zip = new ZipArchive(archive, ZipArchiveMode.Read);

        Assert.That(zip.Entries.Select(entry => entry.FullName), Is.EqualTo(contents.Keys));
        Assert.That(zip.Entries.Select(entry => entry.CompressedLength), Is.EqualTo(contents.Values.Select(bytes => bytes.Length)));
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            await using (var stream = await entry.OpenAsync())
                await stream.CopyToAsync(content);
            Assert.That(content.ToArray(), Is.EqualTo(contents[entry.FullName]));
        }
    }

    [Test]
    public async Task SamePictures_GiveTheSameBytes()
    {
        var part = Part(new() { ["a.jpg"] = Bytes(9000, 3), ["ß.jpg"] = Bytes(5, 4) });
        var first = await ReadAsync(part);

        Assert.That(await ReadAsync(part), Is.EqualTo(first));
        await using var zip = new ZipArchive(new MemoryStream(first), ZipArchiveMode.Read);
        Assert.That(zip.Entries.Select(entry => entry.LastWriteTime.Year), Is.All.EqualTo(1980), "A time would differ.");
    }

    [Test]
    public async Task FileThatIsGone_IsLeftOutAndReported()
    {
        var part = Part(new() { ["a.jpg"] = Bytes(10, 5), ["b.jpg"] = Bytes(10, 6) });
        File.Delete(Path.Combine(folder, "0"));

        await using var zip = new ZipArchive(await part.OpenAsync(default), ZipArchiveMode.Read);

        Assert.That(zip.Entries.Select(entry => entry.FullName), Is.EqualTo(new[] { "b.jpg" }));
        Assert.That(unreadable.Single(), Does.StartWith("a.jpg can't be read and is left out"));
    }

    [Test]
    public async Task FileChangedAfterOpening_IsSentAsItWas()
    {
        var part = Part(new() { ["a.jpg"] = Bytes(10, 7) });
        await using var zip = new ZipArchive(await part.OpenAsync(default), ZipArchiveMode.Read);
        await File.WriteAllBytesAsync(Path.Combine(folder, "0"), Bytes(10, 8));

        using var content = new MemoryStream();
        await using (var stream = await zip.Entries[0].OpenAsync())
            await stream.CopyToAsync(content);

        Assert.That(content.ToArray(), Is.EqualTo(Bytes(10, 7)));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task TemporaryFile_HasNoNameAndOneReader()
    {
        await using var archive = await Part(new() { ["a.jpg"] = Bytes(10, 9) }).OpenAsync(default);

        Assert.That(archive.Name, Does.Not.Exist, "A process that is killed leaves no file.");
        Assert.That(File.GetUnixFileMode(archive.SafeFileHandle), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Cancelled_LeavesNoFile()
    {
        var part = Part(new() { ["a.jpg"] = Bytes(10, 10) });
        var before = TemporaryFiles();

        Assert.That(() => part.OpenAsync(new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(TemporaryFiles(), Is.EqualTo(before));
    }

    private static string[] TemporaryFiles() => Directory.GetFiles(Path.GetTempPath(), "facesearch-*.zip");

    private static async Task<byte[]> ReadAsync(FolderPart part)
    {
        await using var archive = await part.OpenAsync(default);
        using var all = new MemoryStream();
        await archive.CopyToAsync(all);
        return all.ToArray();
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private FolderPart Part(Dictionary<string, byte[]> contents) => new(
        [.. contents.Select((file, i) =>
        {
            var path = Path.Combine(folder, $"{i}");
            File.WriteAllBytes(path, file.Value);
            return new PictureEntry(file.Key, path, file.Value.Length);
        })],
        1,
        unreadable.Add);
}
