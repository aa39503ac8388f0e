namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>Cuts an archive into what one transaction stores.</summary>
internal static class EnrolmentBatches
{
    /// <summary>
    /// A batch of several pictures holds no more bytes. With the text protocol of MySQL a byte may take two, so a
    /// batch stays well under the 64 MB a server takes in one packet by default.
    /// </summary>
    public const int MaxBytes = 8_000_000;

    /// <summary>Entries decided by their name cost next to nothing, so a batch takes more of them.</summary>
    public const int MaxEntries = 500;

    /// <summary>The first batch is small, so that a job soon shows progress; each may be twice as large as the last.</summary>
    private const int FirstPictures = 8;

    /// <param name="pictures">At most so many pictures a batch; at least 1.</param>
    public static IEnumerable<EnrolmentCandidate[]> Cut(IEnumerable<EnrolmentCandidate> candidates, int pictures)
    {
        var batch = new List<EnrolmentCandidate>();
        var (count, bytes, most) = (0, 0L, Math.Min(FirstPictures, pictures));
        foreach (var candidate in candidates)
        {
            var isFull = count == most || batch.Count == MaxEntries || bytes + candidate.Bytes.Length > MaxBytes;
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
