using System.Diagnostics;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http;

/// <summary>
/// The build of the web page when Node.js is missing, old or without a network. Only the page's targets run, with stand-ins
/// for node and npm, so that no test needs them.
/// </summary>
[Platform(Exclude = "Win", Reason = "The stand-ins are shell scripts.")]
internal sealed class PageBuildTests
{
    private static readonly string Targets =
        Path.Combine(SharedData.RepositoryRoot, "src", "FaceSearch.Api", "Page.targets");

    private string root;

    private string PageFile => Path.Combine(root, "page", "index.html");

    [SetUp]
    public void CreateFolders()
    {
        root = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        foreach (var folder in new[] { "bin", "web", "page" })
            Directory.CreateDirectory(Path.Combine(root, folder));
        File.WriteAllText(Path.Combine(root, "web", "package-lock.json"), "{}");
        foreach (var tool in new[] { "sh", "chmod" })
            File.CreateSymbolicLink(Path.Combine(root, "bin", tool), Path.Combine("/bin", tool));
    }

    [TearDown]
    public void DeleteFolders() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task NoNode_SucceedsAndSaysWhatIsMissing()
    {
        var output = await BuildAsync();

        Assert.That(output, Does.Contain("The web page is not built: Node.js with npm was not found, it needs 20.19 or later."));
        Assert.That(PageFile, Does.Not.Exist);
    }

    [Test]
    public async Task OldNode_SucceedsAndSaysWhichVersionItNeeds()
    {
        Script("node", "echo v18.20.4");
        Script("npm", $"echo page > {PageFile}");

        var output = await BuildAsync();

        Assert.That(output, Does.Contain("The web page is not built: Node.js 18.20 is too old, it needs 20.19 or later."));
    }

    [Test]
    public async Task PackagesCantBeFetched_SucceedsAndDoesNotBundle()
    {
        Script("node", "echo v20.19.0");
        Script("npm", $"""[ "$1" = ci ] && exit 1; [ "$1" = run ] && echo page > {PageFile}; exit 0""");

        var output = await BuildAsync();

        Assert.That(output, Does.Contain("The web page is not built: its packages could not be fetched, see above."));
        Assert.That(PageFile, Does.Not.Exist);
    }

    [Test]
    public async Task BundlingFails_SucceedsAndSaysSo()
    {
        Script("node", "echo v22.1.0");
        Script("npm", """[ "$1" = run ] && exit 1; exit 0""");

        Assert.That(await BuildAsync(), Does.Contain("The web page could not be built, see above."));
    }

    [Test]
    public async Task NodeAndPackages_BuildsThePage()
    {
        Script("node", "echo v22.1.0");
        Script("npm", $"""[ "$1" = run ] && echo page > {PageFile}; exit 0""");

        var output = await BuildAsync();

        Assert.That(PageFile, Does.Exist);
        Assert.That(output, Does.Not.Contain("not built"));
    }

    private void Script(string name, string line)
    {
        var path = Path.Combine(root, "bin", name);
        File.WriteAllText(path, $"#!/bin/sh\n{line}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    /// <returns>The output of the successful build.</returns>
    private async Task<string> BuildAsync()
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                "msbuild", Targets, "-nologo", "-t:BuildPage",
                $"-p:PageSources={root}/web/", $"-p:PageFolder={root}/page/", $"-p:OutDir={root}/out/",
            },
            RedirectStandardOutput = true,
            WorkingDirectory = root,
        };
        start.Environment["PATH"] = Path.Combine(root, "bin");
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        Assert.That(build.ExitCode, Is.Zero, output);
        return output;
    }
}
