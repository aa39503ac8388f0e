using FaceSearch.Application.Abstractions;

namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>
/// The k nearest candidates seen so far: a bounded binary heap with the farthest on top. Reusable, not thread-safe.
/// Memory use depends on the number of kept candidates, not on k.
/// </summary>
internal sealed class TopK
{
    private Candidate[] heap = new Candidate[16];
    private int count;
    private int k = 1;
    private double squaredTolerance;

    /// <summary>A candidate farther than this can't enter; it only ever shrinks until the next start.</summary>
    public double SquaredLimit { get; private set; }

    public ReadOnlySpan<Candidate> Kept => heap.AsSpan(0, count);

    /// <param name="k">At least 1.</param>
    /// <param name="squaredTolerance">At least 0; a candidate at exactly this distance is kept.</param>
    public void Start(int k, double squaredTolerance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        this.k = k;
        this.squaredTolerance = squaredTolerance;
        SquaredLimit = squaredTolerance;
        count = 0;
    }

    public void Push(Candidate candidate)
    {
        if (!(candidate.SquaredDistance <= squaredTolerance))
            return;

        if (count < k)
            Append(candidate);
        else if (candidate.CompareTo(heap[0]) < 0)
            SiftDown(candidate);

        if (count == k)
            SquaredLimit = heap[0].SquaredDistance;
    }

    public void Merge(TopK other)
    {
        foreach (var candidate in other.Kept)
            Push(candidate);
    }

    /// <summary>The kept candidates, nearest first. The heap is consumed: start it again before the next push.</summary>
    public FaceMatch[] ToMatches()
    {
        var kept = heap.AsSpan(0, count);
        kept.Sort();
        var matches = kept.IsEmpty ? [] : new FaceMatch[count];
        for (var i = 0; i < matches.Length; i++)
            matches[i] = new FaceMatch(kept[i].FaceId, (float)Math.Sqrt(kept[i].SquaredDistance));

        return matches;
    }

    private void Append(Candidate candidate)
    {
        if (count == heap.Length)
            Array.Resize(ref heap, Math.Min(2 * count, Array.MaxLength));

        var slot = count++;
        while (slot > 0 && candidate.CompareTo(heap[(slot - 1) / 2]) > 0)
        {
            heap[slot] = heap[(slot - 1) / 2];
            slot = (slot - 1) / 2;
        }

        heap[slot] = candidate;
    }

    private void SiftDown(Candidate candidate)
    {
        var slot = 0;
        while (true)
        {
            var child = 2 * slot + 1;
            if (child >= count)
                break;

            if (child + 1 < count && heap[child + 1].CompareTo(heap[child]) > 0)
                child++;

            if (heap[child].CompareTo(candidate) <= 0)
                break;

            heap[slot] = heap[child];
            slot = child;
        }

        heap[slot] = candidate;
    }
}
