namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>
/// Searches that come while the processors are busy with others wait, and then share one pass over memory: the first
/// of them leads, its thread answers them all. A search that comes alone never waits. Thread-safe.
/// </summary>
internal sealed class PassQueue
{
    /// <summary>More would make the first of them wait for the last.</summary>
    private const int MaxProbes = 64;

    private readonly Lock gate = new();
    private readonly Queue<SearchRequest> waiting = new();
    private int running;

    public int Waiting
    {
        get
        {
            lock (gate)
                return waiting.Count;
        }
    }

    /// <param name="passesAtOnce">How many passes keep the processors busy.</param>
    /// <returns>Whether the caller leads and must call <see cref="Leave"/> when its pass is over; else it is answered.</returns>
    public bool Enter(SearchRequest request, int passesAtOnce)
    {
        lock (gate)
        {
            if (running < passesAtOnce)
            {
                running++;
                request.Lead(waiting, MaxProbes);
                return true;
            }

            waiting.Enqueue(request);
        }

        return request.Wait();
    }

    public void Leave(SearchRequest leader)
    {
        lock (gate)
        {
            if (waiting.TryDequeue(out var next))
            {
                next.Lead(waiting, MaxProbes);
                next.Wake();
            }
            else
            {
                running--;
            }
        }

        for (var i = 1; i < leader.Together.Count; i++)
            leader.Together[i].Wake();
    }
}
