namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// Tracks a column of ascending ids that other processes write. An id is assigned on insert but visible after the
/// commit, so lower ids may appear later. Missing ids are remembered and queried again until no open transaction can
/// hold them. Not thread-safe.
/// </summary>
internal sealed class SequenceGapTracker(TimeProvider time)
{
    /// <summary>The largest number of gaps, more than open transactions hold; the oldest are dropped.</summary>
    public const int MaxGaps = 2_000;

    /// <summary>The timeout of a gap, longer than any transaction of this server.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly SortedDictionary<long, long> gaps = [];

    /// <summary>The greatest id seen.</summary>
    public long Last { get; private set; }

    /// <summary>Ids below <see cref="Last"/> that may yet appear.</summary>
    public IReadOnlyCollection<long> Missing => gaps.Keys;

    /// <summary>No id up to this one can appear any more.</summary>
    public long LowWatermark => gaps.Count == 0 ? Last : gaps.First().Key - 1;

    /// <summary>Marks all ids up to this one as known.</summary>
    public void StartAt(long last)
    {
        gaps.Clear();
        Last = last;
    }

    /// <summary>Records a read id: it fills a gap, or adds gaps between it and the last one.</summary>
    public void See(long id)
    {
        if (id <= Last)
        {
            gaps.Remove(id);
            return;
        }

        var now = time.GetTimestamp();
        for (var missing = Math.Max(Last + 1, id - MaxGaps); missing < id; missing++)
            gaps.Add(missing, now);

        Last = id;
        while (gaps.Count > MaxGaps)
            gaps.Remove(gaps.First().Key);
    }

    /// <summary>Drops expired gaps: their rows were rolled back, or removed before they were read.</summary>
    public void GiveUpOldOnes()
    {
        foreach (var id in gaps.Where(gap => time.GetElapsedTime(gap.Value) > Patience).Select(gap => gap.Key).ToArray())
            gaps.Remove(id);
    }
}
