using System.Numerics;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;

namespace FaceSearch.Infrastructure.FaceEngine.Landmarks;

/// <summary>Reads dlib's shape_predictor files.</summary>
internal static class ShapePredictorReader
{
    private const int MaxDepth = 16;

    /// <exception cref="DlibFormatException">Truncated, damaged, something else, or trailing bytes.</exception>
    public static ShapePredictor Read(ReadOnlyMemory<byte> file)
    {
        var reader = new DlibReader(file);
        reader.ReadVersion("shape_predictor", 1, 1);
        var shape = ReadPoints(reader);
        if (shape.Length == 0)
            throw reader.Damaged("a shape without points");

        var forests = new Forest[reader.ReadCount()];
        for (var i = 0; i < forests.Length; i++)
            forests[i] = ReadForest(reader, shape.Length);

        var anchors = ReadAnchors(reader, forests.Length, shape.Length);
        var cascade = new RegressionForest[forests.Length];
        if (reader.ReadCount() != cascade.Length)
            throw reader.Damaged("the cascade's parts differ in length");

        for (var i = 0; i < cascade.Length; i++)
            cascade[i] = Assemble(reader, forests[i], anchors[i]);

        reader.DemandEnd();
        return new ShapePredictor(shape, cascade);
    }

    private static Forest ReadForest(DlibReader reader, int points)
    {
        var splits = new List<Split>();
        var leaves = new List<Vector2>();
        var depth = -1;
        var trees = reader.ReadCount();
        for (var tree = 0; tree < trees; tree++)
        {
            var splitCount = reader.ReadCount();
            for (var i = 0; i < splitCount; i++)
                splits.Add(new Split(reader.ReadSize(), reader.ReadSize(), reader.ReadSingle()));

            var leafCount = reader.ReadCount();
            var treeDepth = BitOperations.Log2((uint)Math.Max(leafCount, 1));
            if (leafCount != 1 << treeDepth || splitCount != leafCount - 1 || treeDepth > MaxDepth
                || (depth >= 0 && treeDepth != depth))
                throw reader.Damaged("a tree is not full, or not as deep as the others");

            depth = treeDepth;
            for (var i = 0; i < leafCount; i++)
            {
                var leaf = ReadPoints(reader);
                if (leaf.Length != points)
                    throw reader.Damaged("a leaf does not fit the shape");

                leaves.AddRange(leaf);
            }
        }

        return new Forest(Math.Max(depth, 0), [.. splits], [.. leaves]);
    }

    private static int[][] ReadAnchors(DlibReader reader, int cascades, int points)
    {
        if (reader.ReadCount() != cascades)
            throw reader.Damaged("the cascade's parts differ in length");

        var anchors = new int[cascades][];
        for (var i = 0; i < cascades; i++)
        {
            anchors[i] = new int[reader.ReadCount()];
            for (var j = 0; j < anchors[i].Length; j++)
            {
                anchors[i][j] = reader.ReadSize();
                if (anchors[i][j] >= points)
                    throw reader.Damaged("a probe refers to a missing point");
            }
        }

        return anchors;
    }

    private static RegressionForest Assemble(DlibReader reader, Forest forest, int[] anchors)
    {
        if (reader.ReadCount() != anchors.Length)
            throw reader.Damaged("the probes' parts differ in length");

        var probes = new Probe[anchors.Length];
        for (var i = 0; i < probes.Length; i++)
            probes[i] = new Probe(anchors[i], new Vector2(reader.ReadSingle(), reader.ReadSingle()));

        if (Array.Exists(forest.Splits, split => split.First >= probes.Length || split.Second >= probes.Length))
            throw reader.Damaged("a tree refers to a missing probe");

        return new RegressionForest(probes, forest.Depth, forest.Splits, forest.Leaves);
    }

    private static Vector2[] ReadPoints(DlibReader reader)
    {
        var values = reader.ReadMatrix();
        if (values.Length % 2 != 0)
            throw reader.Damaged("a shape with half a point");

        var points = new Vector2[values.Length / 2];
        for (var i = 0; i < points.Length; i++)
            points[i] = new Vector2(values[2 * i], values[(2 * i) + 1]);

        return points;
    }

    private sealed record Forest(int Depth, Split[] Splits, Vector2[] Leaves);
}
