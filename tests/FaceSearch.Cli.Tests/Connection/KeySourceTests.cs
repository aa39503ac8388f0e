using System.Net.Http.Headers;
using FaceSearch.Cli.Tests.Support;

namespace FaceSearch.Cli.Tests.Connection;

internal sealed class KeySourceTests
{
    private string file = null!;

    [SetUp]
    public void MakeFile()
    {
        file = Path.GetTempFileName();
        File.WriteAllText(file, "fs_file\n");
    }

    [TearDown]
    public void RemoveFile() => File.Delete(file);

    [Test]
    public async Task Key_ComesFromTheFile_ElseFromTheVariable()
    {
        var variables = new Dictionary<string, string> { ["FACESEARCH_KEY"] = "fs_variable" };

        Assert.That(await SentAsync(variables), Is.EqualTo("Bearer fs_variable"));
        Assert.That(await SentAsync(variables, "--key-file", file), Is.EqualTo("Bearer fs_file"));
        Assert.That(await SentAsync(null), Is.Empty);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task FileThatOthersCanRead_IsRefused()
    {
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var run = await InProcess.RunAsync(null, null, "jobs", "list", "--key-file", file);

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("chmod 600").And.Not.Contain("fs_file"));
    }

    [TestCase("two words")]
    [TestCase("clé")]
    public async Task InvalidKey_IsNotSent(string key)
    {
        var run = await InProcess.RunAsync(null, new() { ["FACESEARCH_KEY"] = key }, "jobs", "list");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Not.Contain(key));
    }

    [Test]
    public async Task Unencrypted_ToAnotherMachine_IsRemarkedUpon()
    {
        var variables = new Dictionary<string, string> { ["FACESEARCH_KEY"] = "fs_variable" };

        Assert.That(await RemarksAsync("http://elsewhere"), Does.Contain("unencrypted"));
        Assert.That(await RemarksAsync("https://elsewhere"), Is.Empty);
        Assert.That(await RemarksAsync("http://127.0.0.1:8000"), Is.Empty);

        async Task<string> RemarksAsync(string server) => (await InProcess.RunAsync(
            _ => InProcess.Json("""{ "jobs": [] }"""), variables, "jobs", "list", "-s", server)).Error;
    }

    private static async Task<string> SentAsync(Dictionary<string, string>? variables, params string[] options)
    {
        AuthenticationHeaderValue? sent = null;
        await InProcess.RunAsync(
            request =>
            {
                sent = request.Headers.Authorization;
                return InProcess.Json("""{ "jobs": [] }""");
            },
            variables,
            ["jobs", "list", .. options]);
        return sent?.ToString() ?? string.Empty;
    }
}
