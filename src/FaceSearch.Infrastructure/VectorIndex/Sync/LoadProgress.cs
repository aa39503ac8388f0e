namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// The progress of loading the index at start, and the state of its synchronization afterwards. Thread-safe.
/// </summary>
internal sealed class LoadProgress(TimeProvider time)
{
    private readonly Lock changing = new();
    private long? behindSince;
    private long loaded;
    private long total;

    /// <summary>Faces that are searchable so far.</summary>
    public long Loaded => Volatile.Read(ref loaded);

    /// <summary>Faces of the database when loading began.</summary>
    public long Total => Volatile.Read(ref total);

    public void Start(long faces)
    {
        Volatile.Write(ref loaded, 0);
        Volatile.Write(ref total, faces);
    }

    public void Add(long faces) => Interlocked.Add(ref loaded, faces);

    /// <summary>For how long every attempt to read the database has failed; zero after a success.</summary>
    public TimeSpan Behind
    {
        get
        {
            lock (changing)
                return behindSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        }
    }

    /// <summary>An attempt succeeded.</summary>
    public void ReportSuccess()
    {
        lock (changing)
            behindSince = null;
    }

    /// <summary>An attempt failed.</summary>
    public void ReportFailure()
    {
        lock (changing)
            behindSince ??= time.GetTimestamp();
    }
}
