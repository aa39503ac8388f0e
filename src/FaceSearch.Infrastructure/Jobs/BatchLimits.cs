namespace FaceSearch.Infrastructure.Jobs;

/// <summary>What one transaction of a job stores at most.</summary>
internal static class BatchLimits
{
    /// <summary>
    /// The largest number of bytes of a batch of several pictures. In MySQL's text protocol a byte may take two, so a
    /// batch stays well below the default packet limit of 64 MB.
    /// </summary>
    public const int MaxBytes = 8_000_000;
}
