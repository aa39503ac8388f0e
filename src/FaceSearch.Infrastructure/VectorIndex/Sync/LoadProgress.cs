namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// The progress of loading the index at start, and the state of its synchronization afterwards. Thread-safe.
/// </summary>
internal sealed class LoadProgress(TimeProvider time)
{
    private long loaded;
    private long total;
    private long followedAt;

    /// <summary>Faces that were read so far.</summary>
    public long Loaded => Volatile.Read(ref loaded);

    /// <summary>Faces of the database when loading began.</summary>
    public long Total => Volatile.Read(ref total);

    /// <summary>How long ago the index had all changes of the database; zero before it was loaded.</summary>
    public TimeSpan Lag => Volatile.Read(ref followedAt) is var at and not 0 ? time.GetElapsedTime(at) : TimeSpan.Zero;

    public void Start(long faces)
    {
        Volatile.Write(ref loaded, 0);
        Volatile.Write(ref total, faces);
    }

    public void Add(long faces) => Interlocked.Add(ref loaded, faces);

    /// <summary>The index has all changes that were committed before the database was last read.</summary>
    public void ReportFollowed() => Volatile.Write(ref followedAt, time.GetTimestamp());
}
