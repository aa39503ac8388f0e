using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>The faces of an index at one moment, by ascending id. Immutable.</summary>
internal sealed class IndexedFaces
{
    private readonly IReadOnlyList<SegmentView> segments;
    private readonly long[] ids;
    private readonly (int Segment, int Row)[] places;

    private IndexedFaces(IReadOnlyList<SegmentView> segments)
    {
        this.segments = segments;
        var count = segments.Sum(view => view.LiveCount);
        (ids, places) = (new long[count], new (int, int)[count]);
        var written = 0;
        for (var segment = 0; segment < segments.Count; segment++)
        {
            for (var row = 0; row < segments[segment].Count; row++)
            {
                if (segments[segment].IsRemoved(row))
                    continue;

                ids[written] = segments[segment].Segment.FaceIds[row];
                places[written++] = (segment, row);
            }
        }

        Array.Sort(ids, places);
    }

    public static IndexedFaces Capture(FlatIndex index) => new(index.Capture().Segments);

    public ArraySegment<long> Within(IdRange range)
    {
        var first = LowerBound(range.First);
        var end = range.Last == long.MaxValue ? ids.Length : LowerBound(range.Last + 1);
        return new ArraySegment<long>(ids, first, end - first);
    }

    /// <summary>True also for a face that was removed meanwhile: its floats are erased.</summary>
    public bool IsErasedOrEqual(long faceId, Embedding embedding)
    {
        var (segment, row) = places[Array.BinarySearch(ids, faceId)];
        var values = segments[segment].Segment.Embedding(row);
        return float.IsNaN(values[0]) || values.SequenceEqual(embedding.Values);
    }

    private int LowerBound(long id) => Array.BinarySearch(ids, id) is var place and >= 0 ? place : ~Array.BinarySearch(ids, id);
}
