using System.Security.Cryptography;
using System.Text;
using FaceSearch.Cli.Collections;
using FaceSearch.Cli.CommandLine;
using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.Collections;

internal sealed class ExportFileTests
{
    private static readonly byte[] Faces = "faces"u8.ToArray();

    private string file = null!;

    [SetUp]
    public void MakeFile() => file = Path.GetTempFileName();

    [TearDown]
    public void RemoveFile() => File.Delete(file);

    [Test]
    public async Task CompleteExport_EntriesAreCounted()
    {
        Write(("faces.ndjson", Faces), Checksums($"{Hash(Faces)}  faces.ndjson"));

        Assert.That(await ExportFile.VerifyAsync(file, CancellationToken.None), Is.EqualTo(1));
    }

    [Test]
    public void ChangedMissingOrAddedEntry_IsReported()
    {
        Write(("faces.ndjson", "other"u8.ToArray()), Checksums($"{Hash(Faces)}  faces.ndjson"));
        Assert.That(Verifying, Throws.InstanceOf<CliException>().With.Message.Contains("faces.ndjson"), "changed");

        Write(("faces.ndjson", Faces), Checksums($"{Hash(Faces)}  faces.ndjson", $"{Hash(Faces)}  images.ndjson"));
        Assert.That(Verifying, Throws.InstanceOf<CliException>().With.Message.Contains("images.ndjson"), "missing");

        Write(("faces.ndjson", Faces), ("more", Faces), Checksums($"{Hash(Faces)}  faces.ndjson"));
        Assert.That(Verifying, Throws.InstanceOf<CliException>().With.Message.Contains("more"), "added");
    }

    [Test]
    public void WithoutChecksumsTruncatedOrNoZip_IsInvalid()
    {
        Write(("faces.ndjson", Faces));
        Assert.That(Verifying, Throws.InstanceOf<CliException>().With.Message.Contains("no checksums"));

        Write(("faces.ndjson", Faces), Checksums($"{Hash(Faces)}  faces.ndjson"));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^30]);
        Assert.That(Verifying, Throws.InstanceOf<CliException>().With.Message.Contains("incomplete"));

        File.WriteAllText(file, "no zip");
        Assert.That(Verifying, Throws.InstanceOf<CliException>().With.Message.Contains("incomplete"));
    }

    private static (string, byte[]) Checksums(params string[] lines) =>
        ("checksums.sha256", Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private Task Verifying() => ExportFile.VerifyAsync(file, CancellationToken.None);

    private void Write(params (string, byte[])[] entries) => File.WriteAllBytes(file, Archives.Zip(entries));
}
