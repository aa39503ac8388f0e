namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// Tracks which ids of an ascending sequence were seen. Ids are assigned before the commit, so a lower one can appear
/// after a higher one: the ids in between are gaps until they appear or expire. Thread-safe.
/// </summary>
internal sealed class SequenceGapTracker(TimeProvider time)
{
    /// <summary>The oldest further gaps are dropped; the comparison with the database finds their rows.</summary>
    public const int MaxGaps = 1_000;

    /// <summary>The timeout of a gap, longer than any transaction of this server.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Lock changing = new();
    private readonly List<Gap> gaps = [];
    private long last;

    /// <summary>
    /// The greatest id seen, and the ranges of ids below it that may yet appear, ascending. Expired ones are dropped.
    /// </summary>
    public (long Last, IReadOnlyList<IdRange> Gaps) Unseen()
    {
        lock (changing)
        {
            gaps.RemoveAll(gap => time.GetElapsedTime(gap.Since) > Patience);
            return (last, [.. gaps.Select(gap => gap.Range)]);
        }
    }

    /// <summary>Marks all ids up to this one as known.</summary>
    public void StartAt(long id)
    {
        lock (changing)
        {
            gaps.Clear();
            last = id;
        }
    }

    /// <summary>Records seen ids: each fills a gap, or adds one between it and the last id.</summary>
    public void See(IEnumerable<long> ids)
    {
        lock (changing)
        {
            foreach (var id in ids)
                See(id);
            if (gaps.Count > MaxGaps)
                gaps.RemoveRange(0, gaps.Count - MaxGaps);
        }
    }

    private void See(long id)
    {
        if (id <= last)
        {
            Fill(id);
            return;
        }

        if (id > last + 1)
            gaps.Add(new Gap(new IdRange(last + 1, id - 1), time.GetTimestamp()));
        last = id;
    }

    private void Fill(long id)
    {
        var place = gaps.FindIndex(gap => gap.Range.First <= id && id <= gap.Range.Last);
        if (place < 0)
            return;

        var (range, since) = gaps[place];
        gaps.RemoveAt(place);
        if (id < range.Last)
            gaps.Insert(place, new Gap(new IdRange(id + 1, range.Last), since));
        if (range.First < id)
            gaps.Insert(place, new Gap(new IdRange(range.First, id - 1), since));
    }

    private sealed record Gap(IdRange Range, long Since);
}

/// <summary>All ids from the first to the last, both included.</summary>
internal readonly record struct IdRange(long First, long Last)
{
    public long Count => Last - First + 1;

    public IEnumerable<long> Ids
    {
        get
        {
            for (var id = First; id <= Last; id++)
                yield return id;
        }
    }
}
