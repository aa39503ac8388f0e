using System.Diagnostics.CodeAnalysis;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Models;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>The configured profiles, loaded once before the first request. They live as long as the process.</summary>
internal sealed class FaceEncoders(ModelStore models, IOptions<EngineOptions> options) : IFaceEncoders, IDisposable
{
    private readonly SemaphoreSlim cores = new(Concurrency(options.Value));
    private Dictionary<string, IFaceEncoder> encoders = [];

    public IFaceEncoder Default =>
        encoders.GetValueOrDefault(Profile(options.Value.Profile).Model)
        ?? throw new InvalidOperationException($"{nameof(LoadAsync)} comes first.");

    public bool TryGet(string model, [NotNullWhen(true)] out IFaceEncoder? encoder) =>
        encoders.TryGetValue(model, out encoder);

    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        await cores.WaitAsync(ct);
        try
        {
            return await Task.Run(work, ct);
        }
        finally
        {
            cores.Release();
        }
    }

    /// <summary>Finds or fetches the model files and opens them; again is a no-op.</summary>
    /// <exception cref="StartException">A file can't be had.</exception>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (encoders.Count > 0)
            return;

        var decoder = new ImageDecoder(options.Value.MaxPixels);
        var loaded = new Dictionary<string, IFaceEncoder>(StringComparer.Ordinal);
        foreach (var profile in options.Value.OtherProfiles.Prepend(options.Value.Profile).Select(Profile).Distinct())
        {
            var files = await models.EnsureAsync(profile.Files, ct);
            loaded.Add(profile.Model, profile.Build(files, decoder));
        }

        encoders = loaded;
    }

    public void Dispose() => cores.Dispose();

    private static EngineProfile Profile(string name) =>
        EngineProfile.Find(name) ?? throw new StartException($"There is no engine profile '{name}'.");

    private static int Concurrency(EngineOptions options) =>
        options.Concurrency > 0 ? options.Concurrency : Environment.ProcessorCount;
}
