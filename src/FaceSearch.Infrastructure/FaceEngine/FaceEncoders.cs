using System.Diagnostics.CodeAnalysis;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>The configured profiles, loaded once before the first request. They live as long as the process.</summary>
internal sealed partial class FaceEncoders(
    ModelStore models, IOptions<EngineOptions> options, ILogger<FaceEncoders> log) : IFaceEncoders, IDisposable
{
    private readonly SemaphoreSlim cores = new(Concurrency(options.Value));
    private Dictionary<string, IFaceEncoder> encoders = [];
    private Dictionary<string, IFaceEncoder> profiles = [];
    private IFaceEncoder? first;

    public IFaceEncoder Default => first ?? throw new InvalidOperationException($"{nameof(LoadAsync)} comes first.");

    public bool TryGet(string model, [NotNullWhen(true)] out IFaceEncoder? encoder) =>
        encoders.TryGetValue(model, out encoder);

    public bool TryGetProfile(string profileOrModel, [NotNullWhen(true)] out IFaceEncoder? encoder) =>
        profiles.TryGetValue(profileOrModel, out encoder) || encoders.TryGetValue(profileOrModel, out encoder);

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
        var named = new Dictionary<string, IFaceEncoder>(StringComparer.OrdinalIgnoreCase);
        IFaceEncoder? profileOfNewCollections = null;
        foreach (var name in options.Value.OtherProfiles.Prepend(options.Value.Profile))
        {
            var (profile, files) = await ChooseAsync(name, ct);
            if (!loaded.TryGetValue(profile.Model, out var encoder))
                loaded.Add(profile.Model, encoder = profile.Build(files, decoder));

            named.TryAdd(name, encoder);
            named.TryAdd(profile.Name, encoder);
            LogLoaded(name, profile.Model);
            profileOfNewCollections ??= encoder;
        }

        first = profileOfNewCollections;
        profiles = named;
        encoders = loaded;
    }

    public void Dispose() => cores.Dispose();

    private async Task<(EngineProfile Profile, IReadOnlyDictionary<string, string> Files)> ChooseAsync(
        string name, CancellationToken ct)
    {
        var candidates = EngineProfile.Candidates(name, options.Value.Dlib);
        foreach (var candidate in candidates.SkipLast(1))
        {
            try
            {
                return (candidate, await models.EnsureAsync(candidate.Files, ct));
            }
            catch (StartException e)
            {
                LogNotUsable(candidate.Model, e.Message);
            }
        }

        return candidates is [.., var last]
            ? (last, await models.EnsureAsync(last.Files, ct))
            : throw new StartException($"There is no engine profile '{name}'.");
    }

    private static int Concurrency(EngineOptions options) =>
        options.Concurrency > 0 ? options.Concurrency : Environment.ProcessorCount;

    [LoggerMessage(1004, LogLevel.Information, "Engine profile {Profile} runs model {Model}")]
    private partial void LogLoaded(string profile, string model);

    [LoggerMessage(1005, LogLevel.Warning, "Model {Model} can't be used here, trying the next: {Reason}")]
    private partial void LogNotUsable(string model, string reason);
}
