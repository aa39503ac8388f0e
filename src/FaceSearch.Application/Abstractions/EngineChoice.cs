namespace FaceSearch.Application.Abstractions;

/// <summary>The engine profile that new collections are made with.</summary>
/// <param name="Detector">The face detector: <c>yunet</c>, <c>mmod</c>, <c>ultraface</c>.</param>
/// <param name="Better">
/// The id of a model that <c>auto</c> prefers and whose files are on this machine; null when there is none.
/// Re-embedding moves a collection to it.
/// </param>
public sealed record EngineChoice(
    string Profile, string Model, string Detector, EngineChoiceReason Reason, string? Better = null);

/// <summary>An engine profile whose model is loaded.</summary>
public sealed record RunningProfile(string Name, string Model, FaceModelTraits Traits);

/// <summary>Why a profile was chosen for new collections.</summary>
public enum EngineChoiceReason
{
    /// <summary><c>Engine:Profile</c> names it.</summary>
    Configured,

    /// <summary>The database is new: the best profile whose files are available.</summary>
    BestAvailable,

    /// <summary>The default collection was made with it.</summary>
    Kept,
}

/// <summary>The models that the collections of the database are pinned to.</summary>
/// <param name="OfDefault">Of the default collection; null in a new database.</param>
/// <param name="All">Each once, in alphabetical order.</param>
public sealed record PinnedModels(string? OfDefault, IReadOnlyList<string> All)
{
    public static PinnedModels None { get; } = new(null, []);
}
