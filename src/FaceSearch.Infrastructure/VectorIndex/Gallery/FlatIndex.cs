using System.Numerics;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Codes;
using FaceSearch.Infrastructure.VectorIndex.Scan;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.VectorIndex.Gallery;

/// <summary>
/// The faces of one collection, searched exactly: a scan of compact codes rules out what can't be near enough, the
/// exact floats decide on the rest. Thread-safe; a search reads the newest snapshot when its pass begins, so
/// searches and changes never wait for each other.
/// </summary>
internal sealed class FlatIndex
{
    /// <summary>Of a block of codes; a collection of a few faces takes a few kilobytes.</summary>
    private const int MinCapacity = CodeBlock.Rows;

    /// <summary>
    /// A segment up to this capacity is rewritten when a row is removed: the mean of few rows reveals each of them. The
    /// mean of a larger segment is taken from hundreds of rows.
    /// </summary>
    private const int TellingCapacity = 1 << 10;

    private readonly Lock changing = new();
    private readonly Dictionary<long, int> locations = [];
    private readonly List<SegmentView> segments = [];
    private readonly ScanScheduler passes = new();
    private int length;
    private volatile Snapshot snapshot = new(0, 0, []);

    public int Count => snapshot.Segments.Sum(segment => segment.LiveCount);

    /// <summary>Values of an embedding; 0 until the first face is added.</summary>
    public int Length => snapshot.Length;

    /// <summary>How many threads a search may use; all processors unless it is set.</summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Incremented with every change.</summary>
    public long Version => snapshot.Version;

    /// <summary>The ids among these that the index contains.</summary>
    public IReadOnlySet<long> FindPresent(IEnumerable<long> faceIds)
    {
        lock (changing)
            return faceIds.Where(locations.ContainsKey).ToHashSet();
    }

    /// <summary>Appends the faces that are not there yet.</summary>
    /// <exception cref="ArgumentException">The embeddings differ in length; nothing is changed.</exception>
    public void Add(IReadOnlyList<GalleryFace> faces)
    {
        lock (changing)
        {
            CheckLength(faces);
            Append(faces);
            Publish();
        }
    }

    /// <summary>
    /// Removes the faces permanently; unknown ids are ignored. Afterwards the index holds none of their floats and
    /// codes. A running search may or may not still find them.
    /// </summary>
    public void Remove(IReadOnlyCollection<long> faceIds)
    {
        lock (changing)
        {
            var dropped = Drop(faceIds);
            foreach (var rows in dropped)
            {
                var segment = segments[rows.Key].Segment;
                foreach (var location in rows)
                    segment.Erase(location % Segment.MaxCapacity);
            }

            foreach (var rows in dropped)
                Compact(rows.Key);
            Publish();
        }
    }

    /// <summary>For each probe its nearest faces; see <see cref="IFaceIndex.SearchAsync"/>.</summary>
    /// <exception cref="ArgumentException">A probe's length is not the collection's.</exception>
    public ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        IReadOnlyList<Embedding> probes, int k, float tolerance, FacePredicate? filter = null)
    {
        var request = SearchRequest.Rent(probes, k, tolerance, filter);
        var passesAtOnce = Math.Max(1, Threads / SearchPass.ThreadsFor(snapshot.Segments, probes.Count, Threads));
        var turn = passes.EnterAsync(request, passesAtOnce);
        return turn.IsCompleted ? new(Finish(request, turn.Result)) : FinishAsync(request, turn);
    }

    /// <summary>The current rows. Removed rows are erased in place. Searches and changes continue concurrently.</summary>
    public (int Length, IReadOnlyList<SegmentView> Segments) Capture()
    {
        var (_, captured, views) = snapshot;
        return (captured, views);
    }

    /// <summary>Creates an index that owns these rows.</summary>
    /// <param name="length">Values of an embedding.</param>
    public static FlatIndex FromSegments(int length, IEnumerable<SegmentView> segments)
    {
        var index = new FlatIndex { length = length };
        foreach (var view in segments)
        {
            index.segments.Add(view);
            index.Locate(index.segments.Count - 1);
        }

        index.Publish();
        return index;
    }

    private async ValueTask<IReadOnlyList<IReadOnlyList<FaceMatch>>> FinishAsync(
        SearchRequest request, ValueTask<bool> turn) => Finish(request, await turn);

    private IReadOnlyList<FaceMatch>[] Finish(SearchRequest request, bool leads)
    {
        if (leads)
            Lead(request);

        return request.Take();
    }

    private void Lead(SearchRequest leader)
    {
        try
        {
            var (_, expected, views) = snapshot;
            SearchPass.Run(views, expected, leader.Batch, Threads);
        }
#pragma warning disable CA1031 // It is rethrown at each caller, so that none waits forever.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            leader.Batch.ForEach(request => request.Fail(exception));
        }
        finally
        {
            passes.Leave(leader);
        }
    }

    private void CheckLength(IReadOnlyList<GalleryFace> faces)
    {
        var expected = length == 0 && faces.Count > 0 ? faces[0].Embedding.Length : length;
        if (faces.Any(face => face.Embedding.Length != expected))
            throw new ArgumentException("The embeddings of a collection must have the same length.", nameof(faces));

        length = expected;
    }

    private void Append(IReadOnlyList<GalleryFace> faces)
    {
        var fresh = faces.Where(face => !locations.ContainsKey(face.FaceId)).DistinctBy(face => face.FaceId).ToArray();
        var written = 0;
        while (written < fresh.Length)
        {
            var slot = SlotWithRoom(fresh.AsSpan(written));
            var view = segments[slot];
            for (; written < fresh.Length && view.Count < view.Segment.Capacity; written++)
            {
                locations[fresh[written].FaceId] = Location(slot, view.Count);
                view = view.Append(fresh[written].FaceId, fresh[written].Embedding.Values);
            }

            segments[slot] = view;
        }
    }

    private int SlotWithRoom(ReadOnlySpan<GalleryFace> faces)
    {
        var slot = segments.FindIndex(view => view.Count < Segment.MaxCapacity);
        if (slot < 0)
        {
            slot = segments.Count;
            var centre = slot > 0 ? segments[^1].Segment.Centre : Mean(faces);
            var capacity = slot > 0 ? Segment.MaxCapacity : CapacityFor(faces.Length);
            segments.Add(SegmentView.Empty(new Segment(length, capacity, centre)));
        }
        else if (segments[slot].Count == segments[slot].Segment.Capacity)
        {
            Rebuild(slot, CapacityFor(segments[slot].LiveCount + faces.Length));
        }

        return slot;
    }

    /// <returns>The locations of the rows that are removed now, by slot.</returns>
    private List<IGrouping<int, int>> Drop(IReadOnlyCollection<long> faceIds)
    {
        var gone = new List<int>(faceIds.Count);
        foreach (var faceId in faceIds)
        {
            if (locations.Remove(faceId, out var location))
                gone.Add(location);
        }

        var bySlot = gone.GroupBy(location => location / Segment.MaxCapacity).ToList();
        foreach (var rows in bySlot)
            segments[rows.Key] = segments[rows.Key].Remove([.. rows.Select(location => location % Segment.MaxCapacity)]);

        return bySlot;
    }

    /// <summary>Rewrites a segment if many of its rows are removed, or if its mean reveals them.</summary>
    private void Compact(int slot)
    {
        var view = segments[slot];
        if (view.RemovedCount * 4 > view.Count || view.Segment.Capacity <= TellingCapacity)
            Rebuild(slot, CapacityFor(view.LiveCount));
    }

    private void Rebuild(int slot, int capacity)
    {
        segments[slot] = segments[slot].Rebuild(length, capacity);
        Locate(slot);
    }

    private void Locate(int slot)
    {
        var view = segments[slot];
        for (var row = 0; row < view.Count; row++)
            locations[view.Segment.FaceIds[row]] = Location(slot, row);
    }

    private float[] Mean(ReadOnlySpan<GalleryFace> faces)
    {
        var mean = new float[CodeBlock.Padded(length)];
        foreach (var face in faces)
        {
            for (var i = 0; i < length; i++)
                mean[i] += face.Embedding.Values[i] / faces.Length;
        }

        return mean;
    }

    private void Publish() => snapshot = new Snapshot(snapshot.Version + 1, length, [.. segments.Where(view => view.LiveCount > 0)]);

    private static int Location(int slot, int row) => checked(slot * Segment.MaxCapacity + row);

    private static int CapacityFor(int rows) =>
        (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)rows), MinCapacity, Segment.MaxCapacity);

    private sealed record Snapshot(long Version, int Length, SegmentView[] Segments);
}
