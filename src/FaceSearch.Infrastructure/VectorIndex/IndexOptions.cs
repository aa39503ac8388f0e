using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>Section <c>Index</c>: the snapshots that make a start quick.</summary>
public sealed class IndexOptions
{
    public const string Section = "Index";

    /// <summary>
    /// One file a collection; relative to the content root. Several processes on one database may share it. Empty: no
    /// snapshots, every start reads all faces from the database.
    /// </summary>
    public string SnapshotDirectory { get; set; } = "data/index";

    /// <summary>How often a collection that has changed is written again; it also is when the server stops.</summary>
    [Range(0.001, 10_000)]
    public double SnapshotMinutes { get; set; } = 10;
}
