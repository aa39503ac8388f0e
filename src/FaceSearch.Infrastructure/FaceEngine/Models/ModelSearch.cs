namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>The search for one file.</summary>
/// <param name="entries">The requested entry, then its alternatives.</param>
internal sealed class ModelSearch(IReadOnlyList<ModelEntry> entries)
{
    public string File => entries[0].File;

    public IReadOnlyList<ModelEntry> Entries => entries;

    /// <summary>Null until it is found.</summary>
    public string? Path { get; set; }

    /// <summary>Every place that did not have it, with the reason.</summary>
    public List<string> Tried { get; } = [];
}
