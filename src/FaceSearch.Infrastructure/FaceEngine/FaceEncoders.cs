using System.Diagnostics.CodeAnalysis;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>The chosen profiles, loaded before the first request. They are never unloaded.</summary>
internal sealed class FaceEncoders(
    ProfileChooser chooser, ImageDecoder decoder, IOptions<EngineOptions> options, TimeProvider time)
    : IFaceEncoders, IDisposable
{
    private readonly SemaphoreSlim cores = new(Concurrency(options.Value));
    private readonly PictureMemory memory = new(options.Value, time);
    private volatile Loaded? loaded;

    public EngineChoice? Choice => loaded?.Choice;

    public IFaceEncoder Default =>
        loaded?.Default ?? throw new InvalidOperationException($"{nameof(LoadAsync)} comes first.");

    public IReadOnlyList<RunningProfile> Profiles => loaded?.Running ?? [];

    public bool TryGet(string model, [NotNullWhen(true)] out IFaceEncoder? encoder)
    {
        encoder = loaded?.Models.GetValueOrDefault(model);
        return encoder is not null;
    }

    public bool TryGetProfile(string profileOrModel, [NotNullWhen(true)] out IFaceEncoder? encoder)
    {
        encoder = loaded?.Profiles.GetValueOrDefault(profileOrModel);
        return encoder is not null || TryGet(profileOrModel, out encoder);
    }

    public Task<T> RunAsync<T>(Func<T> work, CancellationToken ct) => OnACoreAsync(() => Task.Run(work, ct), ct);

    public async Task<Result<T>> RunAsync<T>(PictureCost cost, TimeSpan wait, Func<Result<T>> work, CancellationToken ct)
    {
        if (cost.DecodingBytes > memory.Limit)
            return PictureErrors.TooMuchMemory(cost.DecodingBytes, memory.Limit);

        // Before the core: a picture that waits for memory holds no core, and one that has a core has its memory.
        using var taken = await memory.TakeAsync(Math.Min(cost.Bytes, memory.Limit), wait, ct);
        return taken is null ? CommonErrors.Busy : await OnACoreAsync(() => Task.Run(work, ct), ct);
    }

    /// <summary>Finds or fetches the model files and opens them. Open models are kept.</summary>
    /// <param name="pinned">The models of the database's collections.</param>
    /// <exception cref="StartException">A file is not available.</exception>
    public async Task LoadAsync(PinnedModels pinned, CancellationToken ct)
    {
        LargeBlocks.ReturnToSystem();
        var chosen = await chooser.ChooseAsync(pinned, ct);
        var models = new Dictionary<string, IFaceEncoder>(loaded?.Models ?? [], StringComparer.Ordinal);
        var profiles = new Dictionary<string, IFaceEncoder>(StringComparer.OrdinalIgnoreCase);
        var running = new List<RunningProfile>();
        foreach (var (profile, files) in chosen.Others.Prepend(chosen.First))
        {
            if (!models.TryGetValue(profile.Model, out var encoder))
                models.Add(profile.Model, encoder = profile.Build(files, decoder));

            profiles.TryAdd(profile.Name, encoder);
            running.Add(new RunningProfile(profile.Name, profile.Model, encoder.Traits));
        }

        loaded = new Loaded(chosen.Choice, models[chosen.Choice.Model], models, profiles, running);
    }

    public void Dispose()
    {
        cores.Dispose();
        memory.Dispose();
    }

    private async Task<T> OnACoreAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        await cores.WaitAsync(ct);
        try
        {
            return await work();
        }
        finally
        {
            cores.Release();
        }
    }

    private static int Concurrency(EngineOptions options) =>
        options.Concurrency > 0 ? options.Concurrency : Environment.ProcessorCount;

    /// <param name="Models">By id.</param>
    /// <param name="Profiles">By name, in any letter case.</param>
    private sealed record Loaded(
        EngineChoice Choice,
        IFaceEncoder Default,
        Dictionary<string, IFaceEncoder> Models,
        Dictionary<string, IFaceEncoder> Profiles,
        IReadOnlyList<RunningProfile> Running);
}
