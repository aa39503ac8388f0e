using System.Collections.Concurrent;
using FaceSearch.Infrastructure;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.FaceEngine.Models.Store;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using NUnit.Framework;

namespace FaceSearch.TestSupport;

/// <summary>
/// Model files for tests, by the server's own store: in the checkout's <c>dlib-models</c>, with <c>../shared/models</c> as a
/// mirror. Missing files are fetched once, also when several test processes need them at once. Thread-safe.
/// </summary>
public static class TestModels
{
    private static readonly Lazy<ServiceProvider> Services = new(CreateServices);
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<string, string>?>>> Searches =
        new(StringComparer.Ordinal);

    public static string Directory { get; } = Path.Combine(SharedData.RepositoryRoot, "dlib-models");

    public static string Mirror { get; } = Path.Combine(SharedData.Root, "models");

    /// <summary>The full path of a file of the catalogue; skips the test when it is unavailable.</summary>
    public static string Require(string file) => Find([file]) is { } found
        ? found[file]
        : Ignore($"Needs the model file {file}, which can't be fetched here: put it into dlib-models.");

    /// <summary>The full path of each file, by its name; null when one is unavailable. Tries each set once per process.</summary>
    internal static IReadOnlyDictionary<string, string>? Find(IReadOnlyList<string> files) => Searches.GetOrAdd(
        string.Join('|', files),
        _ => new Lazy<Task<IReadOnlyDictionary<string, string>?>>(() => Task.Run(() => FindAsync(files)))).Value.GetAwaiter().GetResult();

    private static async Task<IReadOnlyDictionary<string, string>?> FindAsync(IReadOnlyList<string> files)
    {
        var store = Services.Value.GetRequiredService<ModelStore>();
        try
        {
            await FetchPackagesOfAsync(store, files);
            return await store.EnsureAsync(files, CancellationToken.None);
        }
        catch (StartException failure)
        {
            await TestContext.Progress.WriteLineAsync(failure.Message);
            return null;
        }
    }

    /// <summary>A package is fetched for all its files at once, so that no test fetches it again for another one.</summary>
    private static async Task FetchPackagesOfAsync(ModelStore store, IReadOnlyList<string> files)
    {
        var entries = Services.Value.GetRequiredService<ModelFolders>().LoadCatalogue().Entries;
        var packages = entries.Where(entry => files.Contains(entry.File)).Select(PackageOf).OfType<string>().ToHashSet();
        var together = entries.Where(entry => PackageOf(entry) is { } package && packages.Contains(package));
        try
        {
            await store.EnsureAsync(together.Select(entry => entry.File), CancellationToken.None);
        }
        catch (StartException)
        {
            // The requested files may be here nevertheless.
        }
    }

    private static string? PackageOf(ModelEntry entry) => entry.Npm?.Package ?? entry.DebianSource?.Package;

    private static string Ignore(string reason)
    {
        Assert.Ignore(reason);
        return string.Empty;
    }

    private static ServiceProvider CreateServices()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:Directory"] = Directory,
            ["Models:Mirrors:0"] = Mirror,

            // Enough for a package of 200 MB on a machine whose cores are busy with tests.
            ["Models:PackageTimeout"] = "00:15:00",
        });
        return new ServiceCollection()
            .AddSingleton<IHostEnvironment>(new TestHost())
            .AddSingleton(TimeProvider.System)
            .AddLogging()
            .AddFaceEngine(configuration.Build())
            .BuildServiceProvider();
    }

    private sealed class TestHost : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = SharedData.RepositoryRoot;

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
