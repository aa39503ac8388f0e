namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>How far the index has been filled since the start. Thread-safe.</summary>
internal sealed class LoadProgress
{
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
}
