using System.Runtime.CompilerServices;
using FaceSearch.Infrastructure.VectorIndex.Codes;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Codes;

/// <summary>Every instruction set against the scalar reference, and the bound against the exact distance.</summary>
[Category(InstructionSetTests.Portable)]
[TestFixtureSource(typeof(BlockProductsOfThisProcessor))]
internal sealed class BlockScanTests<TProducts>
    where TProducts : struct, IBlockProducts
{
    [Test]
    public void Products_OfCodes_AreThoseOfTheirDefinition([Values(32, 128, 512, 1024)] int stride)
    {
        var random = new Random(stride);
        for (var repeat = 0; repeat < 20; repeat++)
        {
            var codes = Enumerable.Range(0, CodeBlock.Rows).Select(_ => Codes(random, stride, repeat)).ToArray();
            var probe = Probe(random, stride, repeat);
            var block = new byte[CodeBlock.Bytes(stride)];
            for (var row = 0; row < codes.Length; row++)
                CodeBlock.Write(block, row, codes[row], default);

            var products = TProducts.Products(
                ref block[0], ref Unsafe.As<sbyte, int>(ref probe[0]), stride / CodeBlock.GroupDimensions);

            var expected = Array.ConvertAll(codes, row => row.Zip(probe, (code, value) => code * value).Sum());
            for (var row = 0; row < codes.Length; row++)
                Assert.That(products[row], Is.EqualTo(expected[row]));

            var other = Probe(random, stride, repeat: 2);
            var (first, second) = TProducts.Products(
                ref block[0], ref Unsafe.As<sbyte, int>(ref probe[0]), ref Unsafe.As<sbyte, int>(ref other[0]),
                stride / CodeBlock.GroupDimensions);
            for (var row = 0; row < codes.Length; row++)
            {
                Assert.That(first[row], Is.EqualTo(expected[row]));
                Assert.That(second[row], Is.EqualTo(codes[row].Zip(other, (code, value) => code * value).Sum()));
            }
        }
    }

    [Test]
    public void Next_TwoProbes_StopsWhereverOneOfThemWould()
    {
        var random = new Random(3);
        var centre = new float[128];
        var view = SegmentView.Empty(new Segment(128, 1024, centre));
        for (var row = 0; row < 1024; row++)
            view = view.Append(row, RandomFaces.Embedding(random).Values);

        var blocks = view.Segment.Blocks(1024);
        var (a, b) = (Coded(random), Coded(random));
        var (thresholdA, thresholdB) = (a.Threshold(0.6 * 0.6, view.Reach), b.Threshold(0.57 * 0.57, view.Reach));
        for (var block = 0; block < 64; block++)
        {
            var foundA = BlockScans.Next<TProducts>(blocks, block, a, thresholdA, out var aloneA);
            var foundB = BlockScans.Next<TProducts>(blocks, block, b, thresholdB, out var aloneB);
            var found = BlockScans.Next<TProducts>(
                blocks, block, a, thresholdA, b, thresholdB, out var hitsA, out var hitsB);

            Assert.That(found, Is.EqualTo(Math.Min(foundA, foundB)));
            Assert.That(hitsA.Rows, Is.EqualTo(found == foundA ? aloneA.Rows : 0));
            Assert.That(hitsB.Rows, Is.EqualTo(found == foundB ? aloneB.Rows : 0));
        }
    }

    [TestCase(128, 0.5f, 0)]
    [TestCase(128, 0.5f, 1)]
    [TestCase(512, 0.5f, 0)]
    [TestCase(100, 3f, 0)]
    [TestCase(1, 1f, 0)]
    [TestCase(7, 1e-20f, 0)]
    [TestCase(128, 1e-30f, 1)]
    [TestCase(128, 1e10f, 1)]
    [TestCase(128, 1e18f, 0)]
    [TestCase(128, 1e38f, 0)]
    public void Next_ThresholdOfARowsOwnDistance_NeverRulesItOut(int length, float size, float shift)
    {
        var random = new Random(length);
        var stride = CodeBlock.Padded(length);
        var centre = Row(random, length, size / 8, shift * size);
        var view = SegmentView.Empty(new Segment(length, 512, centre));
        for (var row = 0; row < 512; row++)
            view = view.Append(row, Shaped(random, length, size, shift * size, row).AsSpan(0, length));

        for (var repeat = 0; repeat < 20; repeat++)
        {
            var probe = repeat == 0 ? centre : Shaped(random, length, size, shift * size, repeat);
            var code = new ProbeCode(stride);
            code.Encode(probe, centre);
            for (var row = 0; row < view.Count; row++)
            {
                var distance = SquaredDistance.Between(probe, view.Segment.Row(row));
                var threshold = code.Threshold(distance, view.Reach);
                var block = BlockScans.Next<TProducts>(
                    view.Segment.Blocks(512), row / CodeBlock.Rows, code, threshold, out var hits);

                Assert.That(block, Is.EqualTo(row / CodeBlock.Rows), $"row {row}");
                Assert.That(hits.Rows >> row % CodeBlock.Rows & 1, Is.EqualTo(1), $"row {row}");
                Assert.That(
                    code.LeastSquaredDistance(hits.Bounds[row % CodeBlock.Rows], view.Reach),
                    Is.LessThanOrEqualTo(distance).And.Not.NaN, $"row {row}");
            }
        }
    }

    [Test]
    public void Next_StrangersAtAFarThreshold_AreRuledOut()
    {
        var random = new Random(1);
        var centre = new float[128];
        var view = SegmentView.Empty(new Segment(128, 1024, centre));
        for (var row = 0; row < 1024; row++)
            view = view.Append(row, RandomFaces.Embedding(random).Values);

        var code = new ProbeCode(128);
        code.Encode(RandomFaces.Embedding(random).Values, centre);
        var (survivors, block) = (0, 0);
        while ((block = BlockScans.Next<TProducts>(
            view.Segment.Blocks(1024), block, code, code.Threshold(0.45 * 0.45, view.Reach), out var hits)) < 64)
        {
            survivors += int.PopCount((int)hits.Rows);
            block++;
        }

        Assert.That(survivors, Is.LessThan(10), "of 1,024 strangers at a distance of about 0.7");
    }

    private static ProbeCode Coded(Random random)
    {
        var code = new ProbeCode(128);
        code.Encode(RandomFaces.Embedding(random).Values, new float[128]);
        return code;
    }

    /// <summary>Values of the whole range, with runs of extremes that would overflow 16 bits when four groups are summed.</summary>
    private static byte[] Codes(Random random, int stride, int repeat) =>
        [.. Enumerable.Range(0, stride).Select(_ => repeat < 2 ? (byte)15 : (byte)random.Next(16))];

    private static sbyte[] Probe(Random random, int stride, int repeat) => [.. Enumerable.Range(0, stride)
        .Select(_ => repeat switch { 0 => (sbyte)127, 1 => (sbyte)-127, _ => (sbyte)random.Next(-127, 128) })];

    private static float[] Row(Random random, int length, float size, float shift)
    {
        var row = new float[CodeBlock.Padded(length)];
        for (var i = 0; i < length; i++)
            row[i] = shift + size * (2 * random.NextSingle() - 1);

        return row;
    }

    /// <summary>Even, spiky, constant and zero rows by turns.</summary>
    private static float[] Shaped(Random random, int length, float size, float shift, int number)
    {
        var row = Row(random, length, size, shift);
        if (number % 4 == 1)
            row[random.Next(length)] *= 2.5f;
        else if (number % 4 == 2)
            row.AsSpan(0, length).Fill(size);
        else if (number % 16 == 3)
            row.AsSpan().Clear();

        return row;
    }
}
