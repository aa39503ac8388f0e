using FaceSearch.Infrastructure.VectorIndex.Codes;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.VectorIndex.Scan;

/// <summary>One thread's part of a search: runs over segments with all probes at once. Reusable.</summary>
internal sealed class SegmentScanner
{
    /// <summary>Blocks that all probes visit before the next ones: they stay in the first-level cache meanwhile.</summary>
    private const int TileBlocks = 32;

    private readonly List<ProbeScanner> probes = [];
    private SegmentView[] segments = [];
    private int probeCount;

    public void Start(SegmentView[] views, List<SearchRequest> requests)
    {
        (segments, probeCount) = (views, 0);
        foreach (var request in requests)
        {
            for (var i = 0; i < request.Probes.Count; i++)
                Next(CodeBlock.Padded(request.Probes[i].Length)).Start(views, request, i);
        }
    }

    public TopK Nearest(int probe) => probes[probe].Nearest;

    /// <param name="segment">Its place in the search.</param>
    /// <param name="limits">For each probe the squared distance beyond which no thread needs a face; lowered here.</param>
    public void Scan(int segment, double[] limits)
    {
        for (var i = 0; i < probeCount; i++)
            probes[i].Enter(segment);

        var blockCount = CodeBlock.Count(segments[segment].Count);
        for (var tile = 0; tile < blockCount; tile += TileBlocks)
        {
            var end = Math.Min(tile + TileBlocks, blockCount);
            for (var i = 0; i + 1 < probeCount; i += 2)
                ProbeScanner.Scan(probes[i], probes[i + 1], tile, end, ref limits[i], ref limits[i + 1]);

            if (probeCount % 2 != 0)
                probes[probeCount - 1].Scan(tile, end, ref limits[probeCount - 1]);
        }
    }

    /// <summary>After the last segment.</summary>
    public void Finish(double[] limits)
    {
        for (var i = 0; i < probeCount; i++)
            probes[i].Finish(ref limits[i]);

        segments = [];
    }

    private ProbeScanner Next(int stride)
    {
        if (probeCount == probes.Count)
            probes.Add(new ProbeScanner(stride));
        else if (probes[probeCount].Stride != stride)
            probes[probeCount] = new ProbeScanner(stride);

        return probes[probeCount++];
    }
}
