using System.Security.Cryptography;
using System.Text;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.Startup;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Models;

public sealed class ModelStoreTests : ModelStoreFixture
{
    // "hello\n", packed with bzip2.
    private static readonly byte[] HelloBz2 = Convert.FromHexString(
        "425a6839314159265359c1c080e2000001410000100244a00030cd00c3462997177245385090c1c080e2");

    [Test]
    public async Task Ensure_InItsFolder_IsUsed()
    {
        Catalogue(Entry(Content));
        Put("dlib-models", "net.onnx", Content);
        Put("mirror", "net.onnx", Content);

        Assert.That(await EnsureAsync(), Is.EqualTo(Path.Combine(Models, "net.onnx")));
    }

    [Test]
    public async Task Ensure_InAMirror_IsUsedInPlace()
    {
        Catalogue(Entry(Content));
        Put("mirror", "net.onnx", Content);

        Assert.That(await EnsureAsync(), Is.EqualTo(Path.Combine(Root, "mirror", "net.onnx")));
        Assert.That(File.Exists(Path.Combine(Models, "net.onnx")), Is.False);
    }

    [Test]
    public async Task Ensure_CompressedInAMirror_IsUnpacked()
    {
        var plain = "hello\n"u8.ToArray();
        Catalogue(Entry(plain, compressed: HelloBz2));
        Put("mirror", "net.onnx.bz2", HelloBz2);

        var path = await EnsureAsync();

        Assert.That(path, Is.EqualTo(Path.Combine(Models, "net.onnx")));
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(plain));
        Assert.That(FilesMade(), Is.EqualTo(new[] { "net.onnx" }));
    }

    [Test]
    public async Task Ensure_WrongHashInAMirror_IsPassedOver()
    {
        Catalogue(Entry(Content, sources: [Server.Serve(Content)]));
        Put("mirror", "net.onnx", [1, 2, 3]);

        Assert.That(await EnsureAsync(), Is.EqualTo(Path.Combine(Models, "net.onnx")));
    }

    [Test]
    public async Task Ensure_WrongHashAndNothingElse_IsNamed()
    {
        Catalogue(Entry(Content));
        Put("dlib-models", "net.onnx", [1, 2, 3]);

        var message = await RefusalAsync();

        Assert.That(message, Does.Contain("net.onnx has the wrong SHA-256"));
        Assert.That(File.ReadAllBytes(Path.Combine(Models, "net.onnx")), Has.Length.EqualTo(3), "the store does not delete the user's file");
    }

    [Test]
    public async Task Ensure_NowhereHere_IsDownloaded()
    {
        Catalogue(Entry(Content, sources: [new Uri(Server.Address, "missing"), Server.Serve(Content)]));

        var path = await EnsureAsync();

        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(Content));
        Assert.That(FilesMade(), Is.EqualTo(new[] { "net.onnx" }));
        Assert.That(await EnsureAsync(), Is.EqualTo(path), "the second call finds the file");
        Assert.That(Server.Requests, Is.EqualTo(2), "one for the missing address, one for the file");
    }

    [Test]
    public async Task Ensure_CompressedDownload_IsUnpacked()
    {
        Catalogue(Entry("hello\n"u8.ToArray(), compressed: HelloBz2, compressedSources: [Server.Serve(HelloBz2)]));

        Assert.That(await File.ReadAllTextAsync(await EnsureAsync()), Is.EqualTo("hello\n"));
    }

    [Test]
    public async Task Ensure_SeveralAtOnce_AllGetTheWholeFile()
    {
        Catalogue(Entry(Content, sources: [Server.Serve(Content)]));

        var paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EnsureAsync()));

        Assert.That(paths.Distinct(), Has.Exactly(1).Items);
        Assert.That(await File.ReadAllBytesAsync(paths[0]), Is.EqualTo(Content));
        Assert.That(FilesMade(), Is.EqualTo(new[] { "net.onnx" }));
    }

    [Test]
    public async Task Ensure_DownloadsOff_SendsNoRequest()
    {
        Catalogue(Entry(Content, sources: [Server.Serve(Content)]));

        Assert.That(await RefusalAsync(download: false), Does.Contain("downloads are off"));
        Assert.That(Server.Requests, Is.Zero);
    }

    [Test]
    public async Task Ensure_AfterARestart_ConnectsToNothing()
    {
        Catalogue(Entry(Content, sources: [Server.Serve(Content)]));
        var first = await EnsureAsync();
        var asked = Server.Requests;

        Assert.That(await EnsureAsync(), Is.EqualTo(first));
        Assert.That(Server.Requests, Is.EqualTo(asked));
    }

    [Test]
    public async Task Ensure_SeveralMissing_NamesAllInOneLine()
    {
        Catalogue(Entry(Content), Entry([1], file: "other.onnx"));

        var failure = await Assert.ThrowsAsync<StartException>(
            () => NewStore().EnsureAsync(["net.onnx", "other.onnx"], CancellationToken.None));

        Assert.That(failure!.Message, Does.StartWith("The model files net.onnx, other.onnx are missing (").And.Not.Contain("\n"));
    }

    [Test]
    public async Task Ensure_MissingAgain_IsNotFetchedAgain_ButFoundOnceItIsPut()
    {
        Catalogue(Entry(Content, sources: [new Uri(Server.Address, "missing")]));
        var store = NewStore();
        var first = await RefusalAsync(store);

        Assert.That(await RefusalAsync(store), Is.EqualTo(first));
        Assert.That(Server.Requests, Is.EqualTo(1));
        Put("mirror", "net.onnx", Content);
        Assert.That(await EnsureAsync(store), Is.EqualTo(Path.Combine(Root, "mirror", "net.onnx")));
    }

    [Test]
    public async Task Ensure_AnotherExportIsHere_StandsIn()
    {
        var entry = Entry(Content, sources: [Server.Serve(Content)]);
        entry["alternatives"] = new[] { "export.onnx" };
        Catalogue(entry, Entry([1, 2], file: "export.onnx"));
        Put("mirror", "export.onnx", [1, 2]);

        Assert.That(await EnsureAsync(), Is.EqualTo(Path.Combine(Root, "mirror", "export.onnx")));
        Assert.That(Server.Requests, Is.Zero);
    }

    [Test]
    public async Task Ensure_OnlyAnotherExportIsServed_StandsIn()
    {
        var entry = Entry(Content, sources: [new Uri(Server.Address, "missing")]);
        entry["alternatives"] = new[] { "export.onnx" };
        Catalogue(entry, Entry([1, 2], [Server.Serve([1, 2], "export.onnx")], file: "export.onnx"));

        Assert.That(await EnsureAsync(), Is.EqualTo(Path.Combine(Models, "export.onnx")));
    }

    [Test]
    public async Task Ensure_FolderHeldByAnother_WaitsForItsEnd()
    {
        Catalogue(Entry(Content, sources: [Server.Serve(Content)]));
        Task<string> waiting;
        await using (new FileStream(Path.Combine(Models, ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            waiting = EnsureAsync();
            await Log.UntilAsync("Another process is fetching");
            Put("dlib-models", "net.onnx", Content);
        }

        Assert.That(await waiting, Is.EqualTo(Path.Combine(Models, "net.onnx")));
        Assert.That(Server.Requests, Is.Zero, "the other one had fetched it");
    }

    [Test]
    public async Task Ensure_FolderCannotBeWritten_IsSaid()
    {
        Catalogue(Entry(Content, sources: [Server.Serve(Content)]));
        Directory.CreateDirectory(Path.Combine(Models, ".lock"));

        Assert.That(await RefusalAsync(), Does.Contain($"{Models} can't be written: ").And.Contain("Models:Mirrors"));
    }

    [TestCase(null)]
    [TestCase("{")]
    [TestCase("{}")]
    public async Task Ensure_CatalogueUnreadable_SaysSo(string? catalogue)
    {
        if (catalogue is not null)
            Put("dlib-models", "models.json", Encoding.UTF8.GetBytes(catalogue));

        Assert.That(await RefusalAsync(), Does.Contain("models.json can't be read"));
    }

    [TestCase("http://example.org/net.onnx")]
    [TestCase("ftp://example.org/net.onnx")]
    [TestCase("net.onnx")]
    public async Task Ensure_AddressThatIsNotHttps_IsRefused(string address)
    {
        Catalogue(Entry(Content, sources: [new Uri(address, UriKind.RelativeOrAbsolute)]));

        Assert.That(await RefusalAsync(), Does.Contain("is not an https address"));
    }

    [Test]
    public async Task Ensure_AlternativeThatIsNotListed_IsRefused()
    {
        var entry = Entry(Content);
        entry["alternatives"] = new[] { "unknown.onnx" };
        Catalogue(entry);

        Assert.That(await RefusalAsync(), Does.Contain("unknown.onnx is not listed"));
    }

    // The committed catalogue against the files of the mirror.
    [Test]
    public void Catalogue_OfThisRepository_MatchesTheFilesThatAreHere()
    {
        var catalogue = ModelCatalogue.Load(Path.Combine(SharedData.RepositoryRoot, "dlib-models", "models.json"));
        _ = TestEngine.Profile;
        var checkedFiles = 0;
        foreach (var file in catalogue.Entries.SelectMany(entry => new[] { entry, entry.Compressed }).OfType<ModelFile>())
        {
            var path = new[] { TestModels.Mirror, TestModels.Directory }.Select(folder => Path.Combine(folder, file.File)).FirstOrDefault(File.Exists);
            if (path is null)
                continue;

            checkedFiles++;
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), Is.EqualTo(file.Sha256), file.File);
            Assert.That(new FileInfo(path).Length, Is.EqualTo(file.Bytes), file.File);
        }

        Assert.That(checkedFiles, Is.Positive);
    }
}
