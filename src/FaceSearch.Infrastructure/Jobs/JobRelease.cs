namespace FaceSearch.Infrastructure.Jobs;

/// <summary>What the row of a job stores when its run ends before the job does.</summary>
/// <param name="Attempts">Attempts since the last progress.</param>
/// <param name="Waits">Failures of the database since the last progress.</param>
/// <param name="Error">An exception's type or a code; null when nothing failed.</param>
/// <param name="Delay">Until the job is due again; with zero it keeps its place in the queue.</param>
internal sealed record JobRelease(int Attempts, int Waits, string? Error, TimeSpan Delay);
