using System.Formats.Tar;
using System.IO.Compression;
using FaceSearch.Infrastructure.FaceEngine.Models.Packages;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Models;

/// <summary>Package managers: stand-in scripts for npm and apt, and one test with each real program.</summary>
[Platform(Exclude = "Win")]
public sealed class PackageTests : ModelStoreFixture
{
    private static readonly string[] FilesOfTheNpmPackage = ["fr_detect.onnx", "fr_landmark.onnx", "fr_feature.onnx"];
    private static readonly string[] FilesOfTheDebianSource =
        ["dlib_face_recognition_resnet_model_v1.dat", "shape_predictor_5_face_landmarks.dat", "mmod_human_face_detector.dat"];

    [Test]
    public async Task Npm_OnePackageForSeveralFiles_IsFetchedOnce()
    {
        Tar("package.tgz", ("package/other", [9, 9]), ("package/model/net.onnx", Content), ("package/model/b.onnx", [1]));
        Npm($"echo \"$@\" >> {Root}/calls; cp {Root}/package.tgz ./faces-1.2.3.tgz");
        Catalogue(NpmEntry(Content), NpmEntry([1], "b.onnx"));

        var paths = await NewStore().EnsureAsync(["net.onnx", "b.onnx"], CancellationToken.None);

        Assert.That(await File.ReadAllBytesAsync(paths["net.onnx"]), Is.EqualTo(Content));
        Assert.That(await File.ReadAllBytesAsync(paths["b.onnx"]), Is.EqualTo(new byte[] { 1 }));
        Assert.That(FilesMade(), Is.EquivalentTo(new[] { "net.onnx", "b.onnx" }), "archive and folder are gone");
        Assert.That(
            await File.ReadAllLinesAsync(Path.Combine(Root, "calls")),
            Has.Exactly(1).Items.And.All.StartsWith("pack faces@1.2.3 --ignore-scripts "));
    }

    [Test]
    public async Task Npm_ComesAfterTheAddresses()
    {
        Npm($"touch {Root}/called; exit 1");
        var entry = NpmEntry(Content);
        entry["sources"] = new[] { Server.Serve(Content) };
        Catalogue(entry);

        await EnsureAsync();

        Assert.That(Path.Combine(Root, "called"), Does.Not.Exist);
    }

    [TestCase("net.onnx", 300_001, "has 300001 bytes instead of 300000")]
    [TestCase("net.onnx", 300_000, "npm package faces 1.2.3 has the wrong SHA-256")]
    [TestCase("else.onnx", 300_000, "npm package faces 1.2.3 has no model/net.onnx")]
    public async Task Npm_PackageWithOtherContent_IsNamed(string name, int size, string reason)
    {
        Tar("package.tgz", ($"package/model/{name}", new byte[size]));
        Npm($"cp {Root}/package.tgz ./faces-1.2.3.tgz");
        Catalogue(NpmEntry(Content));

        Assert.That(await RefusalAsync(), Does.Contain(reason));
        Assert.That(FilesMade(), Is.Empty);
    }

    [TestCase("echo 'npm error code E404' >&2; echo 'npm error 404 at https://user:secret@host/x' >&2; exit 1",
        "npm failed: npm error code E404, npm error 404 at https://host/x (exit code 1)")]
    [TestCase("exit 0", "npm pack left no archive")]
    [TestCase("echo text > faces-1.2.3.tgz", "npm package faces 1.2.3: ")]
    public async Task Npm_Fails_TheReasonIsGiven(string script, string reason)
    {
        Npm(script);
        Catalogue(NpmEntry(Content));

        Assert.That(await RefusalAsync(), Does.Contain(reason).And.Not.Contain("secret"));
        Assert.That(FilesMade(), Is.Empty);
    }

    [Test]
    public async Task Npm_NotOnThisMachine_IsSaid()
    {
        Catalogue(NpmEntry(Content));

        Assert.That(await RefusalAsync(), Does.Contain("npm package faces 1.2.3: /nowhere/npm can't be run here"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task Npm_TakesTooLong_IsKilledWithAllItStarted(CancellationToken ct)
    {
        Settings["Models:PackageTimeout"] = "00:00:01";
        Npm($"sleep 600 & echo $! > {Root}/child; wait");
        Catalogue(NpmEntry(Content));

        Assert.That(await RefusalAsync(), Does.Contain("npm package faces 1.2.3: took longer than 00:00:01"));
        var child = (await File.ReadAllTextAsync(Path.Combine(Root, "child"), ct)).Trim();
        await Tool.RunAsync("sh", ["-c", $"while kill -0 {child}; do sleep 0.05; done"], Root, ct); // until it is gone
    }

    [Test]
    public async Task Npm_LeftoversOfAKilledProcess_AreDeleted()
    {
        Directory.CreateDirectory(Path.Combine(Models, ".packages"));
        Put("dlib-models/.packages", "old.tgz", [1]);
        Tar("package.tgz", ("package/model/net.onnx", Content));
        Npm($"cp {Root}/package.tgz ./faces-1.2.3.tgz");
        Catalogue(NpmEntry(Content));

        await EnsureAsync();

        Assert.That(FilesMade(), Is.EqualTo(new[] { "net.onnx" }));
    }

    [Test]
    public async Task Debian_SourcesOfTheMachine_BecomeSourcesOfSource()
    {
        Tar("models.tar.gz", ("faces-9/net.onnx", Content));
        Directory.CreateDirectory(Path.Combine(Root, "parts"));
        Put("parts", "a.list", "# deb x\ndeb [signed-by=/k] http://one/debian stable main\ndeb-src http://one/debian stable main\n"u8.ToArray());
        Put("parts", "b.sources", "Types: deb\nURIs: http://two/debian\nSuites: stable\nComponents: main\nSigned-By: /k\n"u8.ToArray());
        Put("parts", "c.sources.disabled", "Types: deb\n"u8.ToArray());
        Apt($"cp -r . {Root}/seen; case \"$*\" in *source*) cp {Root}/models.tar.gz faces_9.orig-models.tar.gz;; *) exit 100;; esac");
        Catalogue(DebianEntry(Content));

        Assert.That(await File.ReadAllBytesAsync(await EnsureAsync()), Is.EqualTo(Content));

        string Seen(string file) => File.ReadAllText(Path.Combine(Root, "seen", file));
        Assert.Multiple(() =>
        {
            Assert.That(
                Seen("sources/a.list"),
                Is.EqualTo("# deb x\ndeb-src [signed-by=/k] http://one/debian stable main\ndeb-src http://one/debian stable main\n"));
            Assert.That(Seen("sources/b.sources"), Does.StartWith("Types: deb-src\nURIs: http://two/debian\n").And.Contain("Signed-By: /k\n"));
            Assert.That(Directory.GetFiles(Path.Combine(Root, "seen", "sources")), Has.Length.EqualTo(2));
            Assert.That(Seen("apt.conf"), Does.Contain("Acquire::http::Proxy \"http://proxy:1\";").And.Not.Contain("Post-Invoke"));
            Assert.That(Seen("apt.conf"), Does.Contain($"Dir::State::lists \"{Models}/.packages/lists\";"));
            Assert.That(FilesMade(), Is.EqualTo(new[] { "net.onnx" }));
        });
    }

    [Test]
    public async Task Debian_NoSuchPackage_TheReasonIsGiven()
    {
        Directory.CreateDirectory(Path.Combine(Root, "parts"));
        Put("parts", "a.list", "deb http://one/debian stable main\n"u8.ToArray());
        Apt("case \"$*\" in *source*) echo 'W: noise' >&2; echo 'E: Unable to find a source package for faces' >&2; exit 100;; esac");
        Catalogue(DebianEntry(Content));

        Assert.That(
            await RefusalAsync(),
            Does.Contain("Debian source package faces orig-models: apt-get failed: E: Unable to find a source package for faces (exit code 100)"));
    }

    [Test]
    public async Task Npm_OfThisMachine_CarriesTheFilesOfProfileFaceplugin()
    {
        await RequireAsync("npm", "view", "faceplugin-face-recognition-js@0.0.1", "version");
        Settings.Remove("Models:Npm");
        UseTheCommittedCatalogue();

        var paths = await NewStore().EnsureAsync(FilesOfTheNpmPackage, CancellationToken.None);

        Assert.That(paths.Values, Is.All.StartsWith(Models), "the store has checked their hashes");
    }

    /// <summary>Fetches 200 MB.</summary>
    [Test]
    [Explicit]
    public async Task Debian_OfThisMachine_CarriesTheFilesOfProfileDlib()
    {
        await RequireAsync("apt-get", "--version");
        Settings.Remove("Models:AptGet");
        UseTheCommittedCatalogue();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var paths = await NewStore().EnsureAsync(FilesOfTheDebianSource, CancellationToken.None);

        Assert.That(paths.Values, Is.All.StartsWith(Models), "the store has checked their hashes");
        await TestContext.Out.WriteLineAsync($"{clock.Elapsed.TotalSeconds:F1} s\n{string.Join('\n', Log.Lines)}");
    }

    private static async Task RequireAsync(string program, params string[] arguments)
    {
        try
        {
            await Tool.RunAsync(program, arguments, Path.GetTempPath(), CancellationToken.None);
        }
        catch (ToolException e)
        {
            Assert.Ignore($"Needs {program} and what it fetches from: {e.Message}");
        }
    }

    private static Dictionary<string, object?> NpmEntry(byte[] content, string file = "net.onnx")
    {
        var entry = Entry(content, file: file);
        entry["npm"] = new { package = "faces", version = "1.2.3", archiveBytes = 400_000, path = $"model/{file}" };
        return entry;
    }

    private static Dictionary<string, object?> DebianEntry(byte[] content)
    {
        var entry = Entry(content);
        entry["debianSource"] = new { package = "faces", component = "orig-models", path = "net.onnx" };
        return entry;
    }

    /// <summary>Without URLs, because these tests are about packages.</summary>
    private void UseTheCommittedCatalogue()
    {
        var text = File.ReadAllText(Path.Combine(TestSupport.SharedData.RepositoryRoot, "dlib-models", "models.json"));
        var catalogue = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        foreach (var entry in catalogue["models"]!.AsArray())
        {
            entry!.AsObject().Remove("sources");
            entry.AsObject().Remove("compressed");
        }

        Put("dlib-models", "models.json", System.Text.Encoding.UTF8.GetBytes(catalogue.ToJsonString()));
    }

    private void Npm(string script) => Settings["Models:Npm"] = Script("npm", script);

    private void Apt(string script)
    {
        Settings["Models:AptGet"] = Script("apt-get", script);
        Script("apt-config", $$"""
            if [ "$1" = dump ]; then
              echo 'Acquire::http::Proxy "http://proxy:1";'; echo 'APT::Update::Post-Invoke:: "rm -rf /var/cache";'
            else
              echo "LIST='/nowhere/sources.list'"; echo "PARTS='{{Root}}/parts/'"
            fi
            """);
    }

    private string Script(string name, string text)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private void Tar(string name, params (string Name, byte[] Content)[] members)
    {
        using var file = File.Create(Path.Combine(Root, name));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip, TarEntryFormat.Ustar);
        foreach (var (path, content) in members)
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
    }
}
