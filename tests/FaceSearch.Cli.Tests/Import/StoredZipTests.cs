using System.IO.Compression;
using System.IO.Hashing;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Import;

namespace FaceSearch.Cli.Tests.Import;

internal sealed class StoredZipTests
{
    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("facesearch-zip-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void ReadByAnotherProgram_HasEveryFileUnchanged()
    {
        var contents = new Dictionary<string, byte[]>
        {
            ["Ada Lovelace/a.jpg"] = Bytes(100_000, 1),
            ["Łukasz Žižka/ü.png"] = Bytes(1, 2),
            ["empty.gif"] = [],
        };
        using var zip = new ZipArchive(new StoredZip(Files(contents)), ZipArchiveMode.Read);

        Assert.That(zip.Entries.Select(entry => entry.FullName), Is.EqualTo(contents.Keys));
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open())
                stream.CopyTo(content);
            Assert.That(content.ToArray(), Is.EqualTo(contents[entry.FullName]));
            Assert.That(entry.Crc32, Is.EqualTo(Crc32.HashToUInt32(contents[entry.FullName])));
        }
    }

    [Test]
    public void ReadInAnySteps_GivesTheSameBytes([Values(1, 7, 4096)] int step)
    {
        using var zip = new StoredZip(Files(new() { ["a.jpg"] = Bytes(9000, 3), ["b.jpg"] = Bytes(5, 4) }));
        var whole = ReadAll(zip, 1 << 20);
        Assert.That(whole, Has.Length.EqualTo(zip.Length));

        zip.Position = 0;
        Assert.That(ReadAll(zip, step), Is.EqualTo(whole), "from the start, in small pieces");

        zip.Position = 5000;
        Assert.That(ReadAll(zip, step), Is.EqualTo(whole[5000..]), "from the middle of a file");
    }

    [Test]
    public void NoFiles_IsAnEmptyZip()
    {
        using var zip = new ZipArchive(new StoredZip([]), ZipArchiveMode.Read);

        Assert.That(zip.Entries, Is.Empty);
    }

    [Test]
    public void ChangedFile_IsNotABrokenConnection([Values] bool isGone)
    {
        var files = Files(new() { ["a.jpg"] = Bytes(10, 5) });
        if (isGone)
            File.Delete(files[0].Path);
        else
            File.WriteAllBytes(files[0].Path, Bytes(11, 5));
        using var zip = new StoredZip(files);

        Assert.That(() => ReadAll(zip, 100), Throws.InstanceOf<CliException>().With.Message.Contains("was changed"));
    }

    private static byte[] ReadAll(Stream stream, int step)
    {
        using var all = new MemoryStream();
        var buffer = new byte[step];
        for (int read; (read = stream.Read(buffer)) > 0;)
            all.Write(buffer, 0, read);

        return all.ToArray();
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private List<StoredFile> Files(Dictionary<string, byte[]> contents) => [.. contents.Select((file, i) =>
    {
        var path = Path.Combine(folder, $"{i}");
        File.WriteAllBytes(path, file.Value);
        return new StoredFile(file.Key, path, (uint)file.Value.Length, Crc32.HashToUInt32(file.Value));
    })];
}
