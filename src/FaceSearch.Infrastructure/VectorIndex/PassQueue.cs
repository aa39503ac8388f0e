namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>
/// Searches that come while the processors are busy with others wait, and then share one pass over memory: the first
/// of them leads and answers them all. A search that comes alone never waits, and one that waits holds no thread.
/// Thread-safe.
/// </summary>
internal sealed class PassQueue
{
    /// <summary>More would make the first of them wait for the last.</summary>
    private const int MaxProbes = 64;

    private readonly Lock gate = new();
    private readonly Queue<SearchRequest> waiting = new();
    private int running;

    /// <param name="passesAtOnce">How many passes keep the processors busy.</param>
    /// <returns>Whether the caller leads and must call <see cref="Leave"/> when its pass is over; else it is answered.</returns>
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

        for (var i = 1; i < leader.Together.Count; i++)
            leader.Together[i].Wake(leads: false);
    }
}
