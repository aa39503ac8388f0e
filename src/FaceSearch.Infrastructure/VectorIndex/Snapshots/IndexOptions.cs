using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Infrastructure.VectorIndex.Snapshots;

/// <summary>Section <c>Index</c>: the snapshots that speed up the start, and the comparison with the database.</summary>
public sealed class IndexOptions
{
    public const string Section = "Index";

    /// <summary>
    /// The folder of the snapshots, one file per collection; relative to the content root. Several processes on one
    /// database may share it. Empty: no snapshots, every start reads all faces from the database.
    /// </summary>
    public string SnapshotDirectory { get; set; } = "data/index";

    /// <summary>How often changed collections are written; they are also written when the server stops.</summary>
    [Range(0.001, 10_000)]
    public double SnapshotMinutes { get; set; } = 10;

    /// <summary>
    /// How often the index of every collection is compared with the database. A comparison takes 1% of a processor at
    /// most, so that of many millions of faces takes longer.
    /// </summary>
    [Range(0.001, 10_000)]
    public double CompareMinutes { get; set; } = 5;
}
