namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>One file while it is looked for.</summary>
/// <param name="entries">The entry that was asked for, then those that may stand in for it.</param>
internal sealed class ModelSearch(IReadOnlyList<ModelEntry> entries)
{
    public string File => entries[0].File;

    public IReadOnlyList<ModelEntry> Entries => entries;

    /// <summary>Null until it is found.</summary>
    public string? Path { get; set; }

    /// <summary>Every place that did not have it, with the reason.</summary>
    public List<string> Tried { get; } = [];
}
