using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.VectorIndex;

/// <summary>
/// The faces of one collection in contiguous rows, searched exactly by a scan. Rows are only appended, and a search
/// reads the snapshot that was published when it began, so changes and searches never wait for each other.
/// </summary>
internal sealed class FlatIndex
{
    private const int FirstCapacity = 1 << 10;
    private const int SegmentCapacity = 1 << 16;

    private readonly Lock changing = new();
    private readonly HashSet<long> faceIds = [];
    private volatile Snapshot snapshot = new(0, []);

    public int Count => snapshot.Parts.Sum(part => part.Count);

    /// <summary>Appends the faces that are not there yet.</summary>
    /// <exception cref="ArgumentException">The embeddings differ in length; nothing is added.</exception>
    public void Add(IReadOnlyList<GalleryFace> faces)
    {
        if (faces.Count == 0)
            return;

        lock (changing)
        {
            var length = snapshot.Length == 0 ? faces[0].Embedding.Length : snapshot.Length;
            if (faces.Any(face => face.Embedding.Length != length))
                throw new ArgumentException("The embeddings of a collection have one length.", nameof(faces));

            var parts = snapshot.Parts.ToList();
            foreach (var face in faces)
            {
                if (faceIds.Add(face.FaceId))
                    Append(parts, face, length);
            }

            snapshot = new Snapshot(length, [.. parts]);
        }
    }

    /// <summary>Copies the rows that stay, so a search under way keeps its snapshot.</summary>
    public void Remove(IReadOnlyCollection<long> removedIds)
    {
        lock (changing)
        {
            var removed = removedIds.Where(faceIds.Remove).ToHashSet();
            if (removed.Count == 0)
                return;

            var (length, parts) = snapshot;
            var kept = new List<Part>();
            foreach (var (rows, ids, count) in parts)
            {
                var stride = rows.Length / ids.Length;
                for (var row = 0; row < count; row++)
                {
                    if (!removed.Contains(ids[row]))
                        Append(kept, new GalleryFace(ids[row], new Embedding(rows.AsSpan(row * stride, length))), length);
                }
            }

            snapshot = new Snapshot(length, [.. kept]);
        }
    }

    /// <summary>For each probe its nearest faces; see <see cref="IFaceGallery.Search"/>.</summary>
    /// <exception cref="ArgumentException">A probe's length is not the collection's.</exception>
    public IReadOnlyList<FaceMatch>[] Search(IReadOnlyList<Embedding> probes, int k, float tolerance)
    {
        var (length, parts) = snapshot;
        if (length != 0 && probes.Any(probe => probe.Length != length))
            throw new ArgumentException("A probe has the length of the collection's embeddings.", nameof(probes));

        var partitions = parts.Length == 0 ? [] : Enumerable.Range(0, parts.Length).ToArray();
        var heaps = new TopK[probes.Count];
        for (var i = 0; i < heaps.Length; i++)
        {
            heaps[i] = new TopK();
            heaps[i].Start(k, (double)tolerance * tolerance);
        }

        var padded = probes.Select(probe => Pad(probe.Values)).ToArray();
        if (partitions.Length <= 1)
        {
            foreach (var partition in partitions)
                Scan(parts[partition], padded, heaps);
        }
        else
        {
            Parallel.ForEach(partitions, partition => ScanApart(parts[partition], padded, heaps, k, tolerance));
        }

        return Array.ConvertAll(heaps, IReadOnlyList<FaceMatch> (heap) => heap.ToMatches());
    }

    private static void ScanApart(Part part, float[][] probes, TopK[] shared, int k, float tolerance)
    {
        var own = new TopK[probes.Length];
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = new TopK();
            own[i].Start(k, (double)tolerance * tolerance);
        }

        Scan(part, probes, own);
        lock (shared)
        {
            for (var i = 0; i < own.Length; i++)
                shared[i].Merge(own[i]);
        }
    }

    private static void Scan(Part part, float[][] probes, TopK[] heaps)
    {
        var stride = part.Rows.Length / part.FaceIds.Length;
        for (var row = 0; row < part.Count; row++)
        {
            var embedding = part.Rows.AsSpan(row * stride, stride);
            for (var i = 0; i < probes.Length; i++)
            {
                var distance = SquaredDistance.Between(probes[i], embedding);
                if (distance <= heaps[i].SquaredLimit)
                    heaps[i].Push(new Candidate(distance, part.FaceIds[row]));
            }
        }
    }

    private static void Append(List<Part> parts, GalleryFace face, int length)
    {
        var stride = SquaredDistance.Padded(length);
        if (parts.Count == 0 || parts[^1].Count == SegmentCapacity)
            parts.Add(new Part(new float[FirstCapacity * stride], new long[FirstCapacity], 0));

        var last = parts[^1];
        if (last.Count == last.FaceIds.Length)
            last = last.Doubled();

        face.Embedding.Values.CopyTo(last.Rows.AsSpan(last.Count * stride));
        last.FaceIds[last.Count] = face.FaceId;
        parts[^1] = last with { Count = last.Count + 1 };
    }

    private static float[] Pad(ReadOnlySpan<float> values)
    {
        var padded = new float[SquaredDistance.Padded(values.Length)];
        values.CopyTo(padded);
        return padded;
    }

    /// <summary>The first <paramref name="Count"/> rows never change; rows behind them are still being written.</summary>
    private sealed record Part(float[] Rows, long[] FaceIds, int Count)
    {
        public Part Doubled()
        {
            var (rows, faceIds) = (Rows, FaceIds);
            Array.Resize(ref rows, 2 * rows.Length);
            Array.Resize(ref faceIds, 2 * faceIds.Length);
            return new Part(rows, faceIds, Count);
        }
    }

    private sealed record Snapshot(int Length, Part[] Parts);
}
