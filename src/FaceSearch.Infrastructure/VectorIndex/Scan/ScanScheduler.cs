namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>
/// Searches that arrive while all processors are busy wait and then share one pass over memory. The first of them runs
/// the pass and answers all. A search without concurrent ones never waits. Waiting searches hold no thread.
/// Thread-safe.
/// </summary>
internal sealed class ScanScheduler
{
    /// <summary>The largest number of probes per pass, as the first search waits for the last one.</summary>
    private const int MaxProbes = 64;

    private readonly Lock gate = new();
    private readonly Queue<SearchRequest> waiting = new();
    private int running;

    /// <param name="passesAtOnce">How many passes may run at once.</param>
    /// <returns>
    /// True when the caller must run the pass and then call <see cref="Leave"/>; false when it is answered by another
    /// caller.
    /// </returns>
    public ValueTask<bool> EnterAsync(SearchRequest request, int passesAtOnce)
    {
        lock (gate)
        {
            if (running < passesAtOnce)
            {
                running++;
                request.Lead(waiting, MaxProbes);
                return new ValueTask<bool>(true);
            }

            waiting.Enqueue(request);
        }

        return request.WaitAsync();
    }

    public void Leave(SearchRequest leader)
    {
        lock (gate)
        {
            if (waiting.TryDequeue(out var next))
            {
                next.Lead(waiting, MaxProbes);
                next.Wake(leads: true);
            }
            else
            {
                running--;
            }
        }

        for (var i = 1; i < leader.Batch.Count; i++)
            leader.Batch[i].Wake(leads: false);
    }
}
