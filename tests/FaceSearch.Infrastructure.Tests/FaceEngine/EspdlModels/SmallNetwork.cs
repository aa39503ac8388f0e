namespace FaceSearch.Infrastructure.Tests.FaceEngine.EspdlModels;

/// <summary>
/// A network of random weights with every operation, on 3x6x6: a convolution, two branches of which one is depthwise, their
/// sum and their concatenation, a flat vector, a matrix. <see cref="Run"/> is a simple implementation of it.
/// </summary>
internal sealed class SmallNetwork
{
    public const int Size = 6;
    private const int Wide = 32;
    private const int Half = Size / 2;

    private readonly Random random = new(5);
    private readonly sbyte[,,,] first, depthwise, pointwise;
    private readonly sbyte[] slopes;
    private readonly int[] firstBias, depthwiseBias, pointwiseBias, matrixBias;
    private readonly sbyte[,] matrix;

    public SmallNetwork()
    {
        (first, firstBias) = (Weights(Wide, 3, 3), Bias(Wide));
        slopes = [.. Enumerable.Range(0, Wide).Select(_ => Byte())];
        (depthwise, depthwiseBias) = (Weights(Wide, 1, 3), Bias(Wide));
        (pointwise, pointwiseBias) = (Weights(16, 2 * Wide, 1), Bias(16));
        matrix = new sbyte[16 * Half * Half, 16];
        for (var i = 0; i < matrix.GetLength(0); i++)
            for (var j = 0; j < 16; j++)
                matrix[i, j] = Byte();

        matrixBias = Bias(16);
    }

    public EspdlWriter Writer() => new EspdlWriter()
        .Filters("first.w", first, -7).Bias("first.b", firstBias, -9)
        .Slopes("slopes", slopes, -6)
        .DepthwiseFilters("depthwise.w", depthwise, -5).Bias("depthwise.b", depthwiseBias, -8)
        .Filters("pointwise.w", pointwise, -8).Bias("pointwise.b", pointwiseBias, -10)
        .Matrix("matrix.w", matrix, -7).Bias("matrix.b", matrixBias, -7)
        .Convolution("input", "first", kernel: 3, stride: 2, pad: 1)
        .Node("PRelu", ["first", "slopes"], "bent")
        .Convolution("bent", "depthwise", kernel: 3, stride: 1, pad: 1, group: Wide)
        .Node("Add", ["bent", "depthwise"], "sum")
        .Node("Concat", ["sum", "bent"], "both", ("axis", 3L))
        .Convolution("both", "pointwise", kernel: 1, stride: 1, pad: 0)
        .Node("Transpose", ["pointwise"], "transposed", ("perm", new long[] { 0, 3, 1, 2 }))
        .Node("Flatten", ["transposed"], "flat", ("axis", 1L))
        .Node(
            "Gemm",
            ["flat", "matrix.w", "matrix.b"],
            "output",
            ("activation", "Linear"), ("alpha", 1f), ("beta", 1f), ("transB", 0L));

    public byte[] Write() => Writer().Write();

    /// <param name="input">By channel, row, column.</param>
    public double[] Run(double[,,] input)
    {
        var bent = Convolve(input, first, -7, firstBias, -9, stride: 2, grouped: false);
        ForEach(bent, (c, y, x) => bent[c, y, x] *= bent[c, y, x] < 0 ? slopes[c] * Math.Pow(2, -6) : 1);
        var other = Convolve(bent, depthwise, -5, depthwiseBias, -8, stride: 1, grouped: true);
        var both = new double[2 * Wide, Half, Half];
        ForEach(bent, (c, y, x) =>
        {
            both[c, y, x] = bent[c, y, x] + other[c, y, x];
            both[Wide + c, y, x] = bent[c, y, x];
        });
        var last = Convolve(both, pointwise, -8, pointwiseBias, -10, stride: 1, grouped: false);
        var flat = last.Cast<double>().ToArray();
        return
        [
            .. Enumerable.Range(0, 16).Select(j =>
                (matrixBias[j] * Math.Pow(2, -7)) + flat.Select((value, i) => value * matrix[i, j] * Math.Pow(2, -7)).Sum()),
        ];
    }

    private static double[,,] Convolve(
        double[,,] input, sbyte[,,,] weights, int exponent, int[] bias, int biasExponent, int stride, bool grouped)
    {
        var (filters, channels, kernel) = (weights.GetLength(0), weights.GetLength(1), weights.GetLength(2));
        var (pad, size) = (kernel / 2, ((input.GetLength(1) - 1) / stride) + 1);
        var output = new double[filters, size, size];
        ForEach(output, (filter, row, column) =>
        {
            var sum = bias[filter] * Math.Pow(2, biasExponent);
            for (var c = 0; c < channels; c++)
                for (var dy = 0; dy < kernel; dy++)
                    for (var dx = 0; dx < kernel; dx++)
                        sum += At(input, grouped ? filter : c, (row * stride) + dy - pad, (column * stride) + dx - pad)
                            * weights[filter, c, dy, dx] * Math.Pow(2, exponent);

            output[filter, row, column] = sum;
        });
        return output;
    }

    private static double At(double[,,] planes, int channel, int row, int column) =>
        row < 0 || column < 0 || row >= planes.GetLength(1) || column >= planes.GetLength(2) ? 0 : planes[channel, row, column];

    private static void ForEach(double[,,] planes, Action<int, int, int> act)
    {
        for (var c = 0; c < planes.GetLength(0); c++)
            for (var y = 0; y < planes.GetLength(1); y++)
                for (var x = 0; x < planes.GetLength(2); x++)
                    act(c, y, x);
    }

    private sbyte[,,,] Weights(int filters, int channels, int kernel)
    {
        var weights = new sbyte[filters, channels, kernel, kernel];
        for (var f = 0; f < filters; f++)
            for (var c = 0; c < channels; c++)
                for (var y = 0; y < kernel; y++)
                    for (var x = 0; x < kernel; x++)
                        weights[f, c, y, x] = Byte();

        return weights;
    }

    private int[] Bias(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(-1000, 1000))];

    private sbyte Byte() => (sbyte)random.Next(-128, 128);
}
