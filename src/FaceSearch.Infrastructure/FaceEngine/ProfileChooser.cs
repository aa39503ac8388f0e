using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Models.Store;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>A profile and the full path of each of its files, by its name.</summary>
internal sealed record FoundProfile(EngineProfile Profile, IReadOnlyDictionary<string, string> Files);

/// <param name="Others">Further profiles to load; none twice.</param>
internal sealed record ChosenProfiles(FoundProfile First, EngineChoice Choice, IReadOnlyList<FoundProfile> Others);

/// <summary>
/// Decides which profile new collections are made with and which others are loaded. A database keeps the model of its
/// default collection unless the settings name another profile.
/// </summary>
internal sealed partial class ProfileChooser(
    ModelStore models, IOptions<EngineOptions> options, ILogger<ProfileChooser> log)
{
    private readonly EngineOptions settings = options.Value;

    private bool IsAuto => EngineProfile.IsAuto(settings.Profile);

    /// <exception cref="StartException">The files of a needed profile are not available.</exception>
    public async Task<ChosenProfiles> ChooseAsync(PinnedModels pinned, CancellationToken ct)
    {
        var (first, reason) = await ChooseFirstAsync(pinned, ct);
        var others = await FindOthersAsync(first, pinned, ct);
        var better = IsAuto ? await FindBetterAsync(first.Profile, ct) : null;

        var (name, model, detector) = (first.Profile.Name, first.Profile.Model, first.Profile.Detector);
        LogChosen(name, model, detector, Describe(reason));
        if (better is not null)
            LogBetter(better.Model, model);
        return new ChosenProfiles(first, new EngineChoice(name, model, detector, reason, better?.Model), others);
    }

    /// <summary>The first of the candidates whose files are available.</summary>
    /// <exception cref="StartException">None is available; the message tells what the first one lacks.</exception>
    public async Task<FoundProfile> FindBestAsync(IReadOnlyList<EngineProfile> candidates, CancellationToken ct)
    {
        var refusals = new List<string>();
        foreach (var candidate in candidates)
        {
            try
            {
                return await FindAsync(candidate, ct);
            }
            catch (StartException e)
            {
                refusals.Add(e.Message);
                if (candidate != candidates[^1])
                    LogNotUsable(candidate.Model, e.Message);
            }
        }

        throw new StartException(candidates.Count == 1
            ? refusals[0]
            : $"None of the models {string.Join(", ", candidates.Select(candidate => candidate.Model))} is available. {refusals[0]}");
    }

    private async Task<(FoundProfile Profile, EngineChoiceReason Reason)> ChooseFirstAsync(
        PinnedModels pinned, CancellationToken ct)
    {
        var candidates = EngineProfile.Candidates(settings.Profile, settings.Dlib);
        if (!IsAuto)
            return (await FindPinnedOrBestAsync(candidates, pinned, ct), EngineChoiceReason.Configured);

        return pinned.OfDefault is { } model
            ? (await FindOfDatabaseAsync(model, ct), EngineChoiceReason.Kept)
            : (await FindBestAsync(candidates, ct), EngineChoiceReason.BestAvailable);
    }

    private async Task<FoundProfile> FindOfDatabaseAsync(string model, CancellationToken ct)
    {
        const string Ways = "To make new collections with another profile, name it in Engine:Profile.";
        var profile = Known(model) ?? throw new StartException($"The database was made with the model {model}, {Excluded(model)}. {Ways}");
        try
        {
            return await FindAsync(profile, ct);
        }
        catch (StartException e)
        {
            throw new StartException($"The database was made with the model {model} (profile {profile.Name}). {e.Message} {Ways}");
        }
    }

    private async Task<List<FoundProfile>> FindOthersAsync(FoundProfile first, PinnedModels pinned, CancellationToken ct)
    {
        var others = new Dictionary<string, FoundProfile>(StringComparer.Ordinal);
        foreach (var name in settings.OtherProfiles)
        {
            var found = await FindPinnedOrBestAsync(EngineProfile.Candidates(name, settings.Dlib), pinned, ct);
            others[found.Profile.Model] = found;
        }

        others.Remove(first.Profile.Model);
        foreach (var model in pinned.All.Where(model => model != first.Profile.Model && !others.ContainsKey(model)))
        {
            if (IsAuto && Known(model) is { } profile && await models.HasAsync(profile.Files, ct))
                others[model] = await FindAsync(profile, ct);
            else
                LogNotLoaded(model);
        }

        return [.. others.Values];
    }

    /// <summary>A database that has collections of one of the candidates keeps it.</summary>
    private async Task<FoundProfile> FindPinnedOrBestAsync(
        IReadOnlyList<EngineProfile> candidates, PinnedModels pinned, CancellationToken ct)
    {
        var kept = candidates.FirstOrDefault(candidate => candidate.Model == pinned.OfDefault)
            ?? candidates.FirstOrDefault(candidate => pinned.All.Contains(candidate.Model));
        return kept is null ? await FindBestAsync(candidates, ct) : await FindAsync(kept, ct);
    }

    /// <summary>Checks this machine's folders only, so that a start does not wait for the network.</summary>
    private async Task<EngineProfile?> FindBetterAsync(EngineProfile chosen, CancellationToken ct)
    {
        var better = EngineProfile.Candidates(EngineProfile.Auto, settings.Dlib).TakeWhile(candidate => candidate.Model != chosen.Model);
        foreach (var candidate in better)
        {
            if (await models.HasAsync(candidate.Files, ct))
                return candidate;
        }

        return null;
    }

    private async Task<FoundProfile> FindAsync(EngineProfile profile, CancellationToken ct) =>
        new(profile, await models.EnsureAsync(profile.Files, ct));

    private EngineProfile? Known(string model) =>
        EngineProfile.All(settings.Dlib).FirstOrDefault(profile => profile.Model == model);

    private string Excluded(string model) => EngineProfile.All(new DlibOptions()).Any(profile => profile.Model == model)
        ? $"which Engine:Dlib:Detector={settings.Dlib.Detector} excludes"
        : "which this version does not know";

    private static string Describe(EngineChoiceReason reason) => reason switch
    {
        EngineChoiceReason.Configured => "named by Engine:Profile",
        EngineChoiceReason.BestAvailable => "the best whose files are available",
        _ => "the default collection was made with it",
    };

    [LoggerMessage(1004, LogLevel.Information, "Engine profile {Profile}, model {Model}, detector {Detector}: {Reason}")]
    private partial void LogChosen(string profile, string model, string detector, string reason);

    [LoggerMessage(1005, LogLevel.Warning, "Model {Model} can't be used here, trying the next: {Reason}")]
    private partial void LogNotUsable(string model, string reason);

    [LoggerMessage(1006, LogLevel.Information, "A better model than {Model} is available: {Better}. To move, add {Better} to "
        + "Engine:OtherProfiles, restart, and re-embed each collection: POST /v1/collections/NAME/reembed?profile={Better}")]
    private partial void LogBetter(string better, string model);

    [LoggerMessage(1007, LogLevel.Warning, "Collections are pinned to the model {Model}, which is not loaded: their searches "
        + "are refused. Add {Model} to Engine:OtherProfiles")]
    private partial void LogNotLoaded(string model);
}
