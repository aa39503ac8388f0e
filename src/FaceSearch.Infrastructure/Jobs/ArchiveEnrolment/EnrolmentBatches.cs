namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>Splits an archive into batches; one transaction stores one batch.</summary>
internal static class EnrolmentBatches
{
    /// <summary>Entries that are skipped by their name cost little, so a batch takes more of them.</summary>
    public const int MaxEntries = 500;

    /// <summary>The first batch is small, so that a job soon shows progress; each may be twice as large as the last.</summary>
    private const int FirstPictures = 8;

    /// <param name="pictures">The largest number of pictures per batch; at least 1.</param>
    public static IEnumerable<EnrolmentCandidate[]> Cut(IEnumerable<EnrolmentCandidate> candidates, int pictures)
    {
        var batch = new List<EnrolmentCandidate>();
        var (count, bytes, most) = (0, 0L, Math.Min(FirstPictures, pictures));
        foreach (var candidate in candidates)
        {
            var isFull = count == most || batch.Count == MaxEntries || bytes + candidate.Bytes.Length > BatchLimits.MaxBytes;
            if (isFull && batch.Count > 0)
            {
                yield return [.. batch];
                batch.Clear();
                (count, bytes, most) = (0, 0L, Math.Min(2 * most, pictures));
            }

            batch.Add(candidate);
            count += candidate.IsDecided ? 0 : 1;
            bytes += candidate.Bytes.Length;
        }

        if (batch.Count > 0)
            yield return [.. batch];
    }
}
