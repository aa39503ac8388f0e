using System.Security.Cryptography;
using System.Text.Json;
using FaceSearch.Infrastructure.FaceEngine.Models.Store;
using FaceSearch.Infrastructure.Startup;
using FaceSearch.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Moq;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Models;

/// <summary>A model folder with a catalogue, a mirror, a local server, and stores with the server's registrations.</summary>
public abstract class ModelStoreFixture
{
    protected static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 % 251))];

    private protected string Root { get; private set; } = null!;

    private protected string Models => Path.Combine(Root, "dlib-models");

    private protected FileServer Server { get; private set; } = null!;

    private protected Dictionary<string, string?> Settings { get; private set; } = null!;

    /// <summary>The log messages of the stores.</summary>
    private protected LogLines Log { get; private set; } = null!;

    [SetUp]
    public void CreateFolders()
    {
        Root = Directory.CreateTempSubdirectory("facesearch-models-").FullName;
        Directory.CreateDirectory(Models);
        Directory.CreateDirectory(Path.Combine(Root, "mirror"));
        Server = new FileServer();
        Log = new LogLines();
        Settings = new() { ["Models:Mirrors:0"] = "mirror", ["Models:Npm"] = "/nowhere/npm", ["Models:AptGet"] = "/nowhere/apt-get" };
    }

    [TearDown]
    public async Task DeleteFolders()
    {
        await Server.DisposeAsync();
        Log.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    private protected static Dictionary<string, object?> Entry(
        byte[] content,
        Uri[]? sources = null,
        byte[]? compressed = null,
        Uri[]? compressedSources = null,
        string file = "net.onnx") => new()
    {
        ["file"] = file,
        ["bytes"] = content.Length,
        ["sha256"] = Hash(content),
        ["licence"] = "MIT",
        ["use"] = "a test",
        ["sources"] = sources,
        ["compressed"] = compressed is null ? null : new Dictionary<string, object?>
        {
            ["file"] = "net.onnx.bz2",
            ["bytes"] = compressed.Length,
            ["sha256"] = Hash(compressed),
            ["sources"] = compressedSources,
        },
    };

    private protected void Catalogue(params Dictionary<string, object?>[] entries) => Put(
        "dlib-models", "models.json", JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["models"] = entries }));

    private protected void Put(string folder, string file, byte[] content) =>
        File.WriteAllBytes(Path.Combine(Root, folder, file), content);

    /// <summary>The files of the model folder except the catalogue and the lock.</summary>
    private protected IEnumerable<string> FilesMade() =>
        Directory.GetFileSystemEntries(Models).Select(path => Path.GetFileName(path)).Except(["models.json", ".lock"]);

    private protected ModelStore NewStore(bool download = true)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(Settings)
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Models:Download"] = download.ToString() })
            .Build();
        return new ServiceCollection()
            .AddSingleton(Mock.Of<IHostEnvironment>(host => host.ContentRootPath == Root))
            .AddSingleton(TimeProvider.System)
            .AddLogging(logging => logging.ClearProviders().AddProvider(Log))
            .AddFaceEngine(configuration)
            .BuildServiceProvider()
            .GetRequiredService<ModelStore>();
    }

    private protected async Task<string> EnsureAsync(bool download = true) => await EnsureAsync(NewStore(download));

    private protected static async Task<string> EnsureAsync(ModelStore store) =>
        (await store.EnsureAsync(["net.onnx"], CancellationToken.None))["net.onnx"];

    private protected Task<string> RefusalAsync(bool download = true) => RefusalAsync(NewStore(download));

    private protected static async Task<string> RefusalAsync(ModelStore store) =>
        (await Assert.ThrowsAsync<StartException>(() => EnsureAsync(store)))!.Message;

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
