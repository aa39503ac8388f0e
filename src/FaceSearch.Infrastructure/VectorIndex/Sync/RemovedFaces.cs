namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// The ids of recently removed faces. A face may be removed between its commit and its addition to the index, or between
/// the read of its row and its addition; it is then not added. Ids are never reused. Not thread-safe.
/// </summary>
internal sealed class RemovedFaces(TimeProvider time)
{
    /// <summary>Longer than any addition takes. After that the comparison with the database finds a face that came back.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    private readonly HashSet<long> ids = [];
    private readonly Queue<(long Id, long At)> byAge = [];

    public bool Contains(long faceId) => ids.Contains(faceId);

    public void Add(IEnumerable<long> faceIds)
    {
        foreach (var id in faceIds.Where(ids.Add))
            byAge.Enqueue((id, time.GetTimestamp()));
    }

    public void ForgetOld()
    {
        while (byAge.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Retention)
            ids.Remove(byAge.Dequeue().Id);
    }
}
