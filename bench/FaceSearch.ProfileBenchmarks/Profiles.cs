using System.Security.Cryptography;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Models.Store;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>Opens profiles on the model files of a folder; packed files are unpacked into another folder.</summary>
internal sealed class Profiles(string models, string unpacked)
{
    private const int MaxPixels = 40_000_000;

    private readonly ModelStore store = Store(models, unpacked);

    /// <summary>The profiles that can be compared: <c>dlib</c> with each of its detectors.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["mobile", "mfn", "faceplugin", "dlib", "dlib-yunet"];

    /// <summary>The profile before its projection, and the path of the network's file.</summary>
    /// <exception cref="ArgumentException">The profile has no projection.</exception>
    public async Task<(IFaceEncoder Encoder, string Network)> OpenUnprojectedAsync(string name)
    {
        var (profile, network) = name switch
        {
            "mfn" => (MfnProfile.Unprojected, MfnProfile.NetworkFile),
            "faceplugin" => (FacepluginProfile.Unprojected, FacepluginProfile.NetworkFile),
            _ => throw new ArgumentException($"The profile {name} has no projection.", nameof(name)),
        };
        var files = await store.EnsureAsync(profile.Files, CancellationToken.None);
        return (profile.Build(files, new ImageDecoder(MaxPixels)), files[network]);
    }

    /// <summary>Null when this version has no such profile, or its files are missing.</summary>
    /// <param name="label">Of <see cref="Labels"/>, or a profile's name.</param>
    public async Task<IFaceEncoder?> OpenAsync(string label)
    {
        var (name, detector) = label switch
        {
            "dlib" => (label, "mmod"),
            "dlib-yunet" => ("dlib", "yunet"),
            _ => (label, null),
        };
        foreach (var profile in EngineProfile.Candidates(name, new DlibOptions { Detector = detector }))
        {
            try
            {
                return profile.Build(await store.EnsureAsync(profile.Files, CancellationToken.None), new ImageDecoder(MaxPixels));
            }
            catch (StartException e)
            {
                Console.Error.WriteLine(e.Message);
            }
        }

        return null;
    }

    /// <summary>The SHA-256 of each model file of a model, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> HashFilesAsync(string model)
    {
        var profile = EngineProfile.All(new DlibOptions()).First(profile => profile.Model == model);
        var files = await store.EnsureAsync(profile.Files, CancellationToken.None);
        return files.ToDictionary(file => file.Key, file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.Value))));
    }

    private static ModelStore Store(string models, string unpacked)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = Environment.CurrentDirectory,
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:Directory"] = unpacked,
            ["Models:Mirrors:0"] = models,
            ["Models:Download"] = "false",
        });
        builder.Services.AddSingleton(TimeProvider.System).AddFaceEngine(builder.Configuration);
        return builder.Build().Services.GetRequiredService<ModelStore>();
    }
}
