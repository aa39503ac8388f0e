namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>
/// Follows a column of growing ids that other processes write. An id is given out when a row is inserted but seen
/// when its transaction commits, so rows may appear behind those already read: the ids left out are remembered, and
/// asked for again, until no open transaction can hold them any more. Not thread-safe.
/// </summary>
internal sealed class IdGaps(TimeProvider time)
{
    /// <summary>More ids than open transactions hold; of more gaps the oldest are given up.</summary>
    public const int MaxGaps = 2_000;

    /// <summary>Longer than any transaction of this server.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly SortedDictionary<long, long> gaps = [];

    /// <summary>The greatest id seen.</summary>
    public long Last { get; private set; }

    /// <summary>Ids below <see cref="Last"/> that may yet appear.</summary>
    public IReadOnlyCollection<long> Missing => gaps.Keys;

    /// <summary>No id up to this one can appear any more.</summary>
    public long Settled => gaps.Count == 0 ? Last : gaps.First().Key - 1;

    /// <summary>Everything up to an id is known already.</summary>
    public void StartAt(long last)
    {
        gaps.Clear();
        Last = last;
    }

    /// <summary>An id was read: it fills a gap, or leaves gaps between it and the last one.</summary>
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

    /// <summary>Gives up the gaps that have been open for too long: rolled back, or removed before they were seen.</summary>
    public void GiveUpOldOnes()
    {
        foreach (var id in gaps.Where(gap => time.GetElapsedTime(gap.Value) > Patience).Select(gap => gap.Key).ToArray())
            gaps.Remove(id);
    }
}
