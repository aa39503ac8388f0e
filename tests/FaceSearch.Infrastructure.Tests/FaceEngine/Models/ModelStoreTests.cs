using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.TestSupport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Models;

public sealed class ModelStoreTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 % 251))];

    // "hello\n", packed with bzip2.
    private static readonly byte[] HelloBz2 = Convert.FromHexString(
        "425a6839314159265359c1c080e2000001410000100244a00030cd00c3462997177245385090c1c080e2");

    private string root = null!;
    private Task serving = Task.CompletedTask;
    private HttpListener? server;
    private int requests;

    [SetUp]
    public void CreateFolders()
    {
        requests = 0;
        root = Directory.CreateTempSubdirectory("facesearch-models-").FullName;
        Directory.CreateDirectory(Path.Combine(root, "dlib-models"));
        Directory.CreateDirectory(Path.Combine(root, "mirror"));
    }

    [TearDown]
    public async Task DeleteFolders()
    {
        server?.Close();
        await serving;
        server = null;
        Directory.Delete(root, recursive: true);
    }

    [Test]
    public async Task Ensure_InItsFolder_IsUsed()
    {
        Catalogue(Entry(Content));
        Put("dlib-models", "net.onnx", Content);
        Put("mirror", "net.onnx", Content);

        Assert.That(await EnsureAsync(), Is.EqualTo(Path.Combine(root, "dlib-models", "net.onnx")));
    }

    [Test]
    public async Task Ensure_InAMirror_IsUsedInPlace()
    {
        Catalogue(Entry(Content));
        Put("mirror", "net.onnx", Content);

        Assert.That(await EnsureAsync(), Is.EqualTo(Path.Combine(root, "mirror", "net.onnx")));
        Assert.That(File.Exists(Path.Combine(root, "dlib-models", "net.onnx")), Is.False);
    }

    [Test]
    public async Task Ensure_CompressedInAMirror_IsUnpacked()
    {
        var plain = "hello\n"u8.ToArray();
        Catalogue(Entry(plain, compressed: HelloBz2));
        Put("mirror", "net.onnx.bz2", HelloBz2);

        var path = await EnsureAsync();

        Assert.That(path, Is.EqualTo(Path.Combine(root, "dlib-models", "net.onnx")));
        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(plain));
        AssertNoLeftovers("models.json", "net.onnx");
    }

    [Test]
    public async Task Ensure_WrongHashInAMirror_IsPassedOver()
    {
        Catalogue(Entry(Content, sources: [Serve(Content)]));
        Put("mirror", "net.onnx", [1, 2, 3]);

        Assert.That(await EnsureAsync(), Is.EqualTo(Path.Combine(root, "dlib-models", "net.onnx")));
    }

    [Test]
    public async Task Ensure_WrongHashAndNothingElse_IsNamed()
    {
        Catalogue(Entry(Content));
        Put("dlib-models", "net.onnx", [1, 2, 3]);

        var message = await RefusalAsync();

        Assert.That(message, Does.Contain("net.onnx has the wrong SHA-256"));
        Assert.That(File.ReadAllBytes(Path.Combine(root, "dlib-models", "net.onnx")), Has.Length.EqualTo(3), "it is not ours to delete");
    }

    [Test]
    public async Task Ensure_NowhereHere_IsDownloaded()
    {
        Catalogue(Entry(Content, sources: [new Uri(Serve(Content), "missing"), Serve(Content)]));

        var path = await EnsureAsync();

        Assert.That(await File.ReadAllBytesAsync(path), Is.EqualTo(Content));
        AssertNoLeftovers("models.json", "net.onnx");
        Assert.That(await EnsureAsync(), Is.EqualTo(path), "the second time it is there");
        Assert.That(requests, Is.EqualTo(2), "one for the missing address, one for the file");
    }

    [Test]
    public async Task Ensure_CompressedDownload_IsUnpacked()
    {
        Catalogue(Entry("hello\n"u8.ToArray(), compressed: HelloBz2, compressedSources: [Serve(HelloBz2)]));

        Assert.That(await File.ReadAllTextAsync(await EnsureAsync()), Is.EqualTo("hello\n"));
    }

    [Test]
    public async Task Ensure_SeveralAtOnce_AllGetTheWholeFile()
    {
        Catalogue(Entry(Content, sources: [Serve(Content)]));

        var paths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EnsureAsync()));

        Assert.That(paths.Distinct(), Has.Exactly(1).Items);
        Assert.That(await File.ReadAllBytesAsync(paths[0]), Is.EqualTo(Content));
        AssertNoLeftovers("models.json", "net.onnx");
    }

    [Test]
    public async Task Ensure_DownloadOfOtherContent_IsRefusedAndNamed()
    {
        var other = Content.Reverse().ToArray();
        Catalogue(Entry(Content, sources: [Serve(other)]));

        Assert.That(await RefusalAsync(), Does.Contain("has the wrong SHA-256"));
        AssertNoLeftovers("models.json");
    }

    [Test]
    public async Task Ensure_DownloadLargerThanTheFile_IsCutOff()
    {
        Catalogue(Entry(Content, sources: [Serve([.. Content, 0])]));

        Assert.That(await RefusalAsync(), Does.Contain("sends more than 300000 bytes"));
        AssertNoLeftovers("models.json");
    }

    [Test]
    public async Task Ensure_NothingAnswers_OneLineSaysWhatToDo()
    {
        Catalogue(Entry(Content, sources: [new Uri("http://127.0.0.1:1/net.onnx")]));

        var message = await RefusalAsync();

        Assert.Multiple(() =>
        {
            Assert.That(message, Does.StartWith("The model file net.onnx is missing"));
            Assert.That(message, Does.Contain(Path.Combine(root, "mirror")));
            Assert.That(message, Does.Contain("http://127.0.0.1:1/net.onnx"));
            Assert.That(message, Does.Contain("Models:Mirrors"));
            Assert.That(message, Does.Not.Contain("\n"));
        });
    }

    [Test]
    public async Task Ensure_DownloadsOff_AsksNobody()
    {
        Catalogue(Entry(Content, sources: [Serve(Content)]));

        Assert.That(await RefusalAsync(download: false), Does.Contain("downloads are off"));
        Assert.That(requests, Is.Zero);
    }

    [TestCase(null)]
    [TestCase("{")]
    [TestCase("{}")]
    public async Task Ensure_CatalogueUnreadable_SaysSo(string? catalogue)
    {
        if (catalogue is not null)
            Put("dlib-models", "models.json", System.Text.Encoding.UTF8.GetBytes(catalogue));

        Assert.That(await RefusalAsync(), Does.Contain("models.json can't be read"));
    }

    // The committed catalogue against the files of the mirror.
    [Test]
    public void Catalogue_OfThisRepository_MatchesTheSharedFiles()
    {
        var catalogue = ModelCatalogue.Load(Path.Combine(SharedData.RepositoryRoot, "dlib-models", "models.json"));
        var checkedFiles = 0;
        foreach (var file in catalogue.Entries.SelectMany(entry => new[] { entry, entry.Compressed }).OfType<ModelFile>())
        {
            var path = Path.Combine(Path.GetDirectoryName(SharedData.Model("README.md"))!, file.File);
            if (!File.Exists(path))
                continue;

            checkedFiles++;
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), Is.EqualTo(file.Sha256), file.File);
            Assert.That(new FileInfo(path).Length, Is.EqualTo(file.Bytes), file.File);
        }

        Assert.That(checkedFiles, Is.EqualTo(5));
    }

    private static Dictionary<string, object?> Entry(
        byte[] content, Uri[]? sources = null, byte[]? compressed = null, Uri[]? compressedSources = null) => new()
    {
        ["file"] = "net.onnx",
        ["bytes"] = content.Length,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)),
        ["licence"] = "MIT",
        ["use"] = "a test",
        ["sources"] = sources,
        ["compressed"] = compressed is null ? null : new Dictionary<string, object?>
        {
            ["file"] = "net.onnx.bz2",
            ["bytes"] = compressed.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(compressed)),
            ["sources"] = compressedSources,
        },
    };

    private void Catalogue(Dictionary<string, object?> entry) => Put(
        "dlib-models", "models.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["models"] = new[] { entry } }));

    private void Put(string folder, string file, byte[] content) => File.WriteAllBytes(Path.Combine(root, folder, file), content);

    private void AssertNoLeftovers(params string[] expected) => Assert.That(
        Directory.GetFiles(Path.Combine(root, "dlib-models")).Select(Path.GetFileName), Is.EquivalentTo(expected));

    private async Task<string> RefusalAsync(bool download = true) =>
        (await Assert.ThrowsAsync<StartException>(() => EnsureAsync(download)))!.Message;

    private async Task<string> EnsureAsync(bool download = true)
    {
        var options = Options.Create(new ModelsOptions { Mirrors = ["mirror"], Download = download });
        var clients = new Mock<IHttpClientFactory>();
        clients.Setup(factory => factory.CreateClient(ModelDownloader.HttpClientName)).Returns(() => new HttpClient());
        var environment = Mock.Of<IHostEnvironment>(host => host.ContentRootPath == root);
        var store = new ModelStore(
            new ModelDownloader(clients.Object, options, NullLogger<ModelDownloader>.Instance),
            environment, options, NullLogger<ModelStore>.Instance);
        return (await store.EnsureAsync(["net.onnx"], CancellationToken.None))["net.onnx"];
    }

    /// <summary>The address that answers with the content; every other path answers 404.</summary>
    private Uri Serve(byte[] content)
    {
        if (server is null)
        {
            server = Listen(out var port);
            serving = AnswerAsync(server, content);
            address = new Uri($"http://127.0.0.1:{port}/net.onnx");
        }

        return address;
    }

    private Uri address = null!;

    private static HttpListener Listen(out int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            port = Random.Shared.Next(20_000, 60_000);
            var listener = new HttpListener();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                listener.Close();
            }
        }
    }

    private async Task AnswerAsync(HttpListener listener, byte[] content)
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                Interlocked.Increment(ref requests);
                using var response = context.Response;
                if (context.Request.Url!.AbsolutePath == "/net.onnx")
                    await response.OutputStream.WriteAsync(content);
                else
                    response.StatusCode = 404;
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // A client that has seen enough, or the end of the test.
            }
        }
    }
}
