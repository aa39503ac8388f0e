using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>One caller's search, possibly answered by another caller's pass. Pooled.</summary>
internal sealed class SearchRequest : IValueTaskSource<bool>
{
    private static readonly ConcurrentBag<SearchRequest> Pool = [];

    private ManualResetValueTaskSourceCore<bool> turn = new() { RunContinuationsAsynchronously = true };
    private IReadOnlyList<FaceMatch>[] answer = [];
    private volatile ExceptionDispatchInfo? failure;

    public IReadOnlyList<Embedding> Probes { get; private set; } = [];

    public int K { get; private set; }

    public double SquaredTolerance { get; private set; }

    public FacePredicate? Filter { get; private set; }

    /// <summary>The requests of this caller's pass, its own first.</summary>
    public List<SearchRequest> Batch { get; } = [];

    public static SearchRequest Rent(IReadOnlyList<Embedding> probes, int k, float tolerance, FacePredicate? filter)
    {
        var request = Pool.TryTake(out var pooled) ? pooled : new SearchRequest();
        (request.Probes, request.K, request.Filter) = (probes, k, filter);
        request.SquaredTolerance = (double)tolerance * tolerance;
        request.turn.Reset();
        return request;
    }

    /// <summary>Notes a failure if a probe has not the length of the collection's embeddings; 0 is any length.</summary>
    public bool Fits(int length)
    {
        for (var i = 0; i < Probes.Count && length != 0; i++)
        {
            if (Probes[i].Length != length)
                Fail(new ArgumentException("A probe's length differs from that of the collection's embeddings."));
        }

        return failure is null;
    }

    /// <summary>The filter's result; false after it has thrown once.</summary>
    public bool Admits(int probe, long faceId)
    {
        try
        {
            return failure is null && Filter!(probe, faceId);
        }
#pragma warning disable CA1031 // It is rethrown to the filter's own caller; the other requests are answered.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
            return false;
        }
    }

    public void Fail(Exception exception) => failure = ExceptionDispatchInfo.Capture(exception);

    public void Answer(IReadOnlyList<FaceMatch>[] matches) => answer = matches;

    /// <summary>Makes this request's caller answer the others too, as many as have room in one pass.</summary>
    public void Lead(Queue<SearchRequest> waiting, int maxProbes)
    {
        Batch.Add(this);
        var probes = Probes.Count;
        while (waiting.TryPeek(out var next) && probes + next.Probes.Count <= maxProbes)
        {
            probes += next.Probes.Count;
            Batch.Add(waiting.Dequeue());
        }
    }

    /// <summary>Completes when the request is answered, or when its caller must run a pass.</summary>
    /// <returns>True when the caller must run a pass.</returns>
    public ValueTask<bool> WaitAsync() => new(this, turn.Version);

    public void Wake(bool leads) => turn.SetResult(leads);

    /// <summary>Returns the answer or throws; the request is returned to the pool.</summary>
    public IReadOnlyList<FaceMatch>[] Take()
    {
        var (taken, failed) = (answer, failure);
        (Probes, Filter, answer, failure) = ([], null, [], null);
        Batch.Clear();
        Pool.Add(this);
        failed?.Throw();
        return taken;
    }

    bool IValueTaskSource<bool>.GetResult(short token) => turn.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => turn.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        turn.OnCompleted(continuation, state, token, flags);
}
