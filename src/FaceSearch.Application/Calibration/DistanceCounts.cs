namespace FaceSearch.Application.Calibration;

/// <summary>
/// How many distances are at or below each tolerance, in steps of <see cref="Step"/>. The counts are exact: a distance
/// matches a tolerance here if and only if it does in a search.
/// </summary>
/// <remarks>Not thread-safe. Distances beyond <see cref="Max"/> are counted, but match at no tolerance.</remarks>
internal sealed class DistanceCounts
{
    /// <summary>Tolerances in a distance of 1; a whole number, so that 0.6 is one of them.</summary>
    public const int PerUnit = 10_000;

    public const double Step = 1.0 / PerUnit;

    /// <summary>The largest tolerance of a search.</summary>
    public const int Max = 4;

    private const int Tolerances = Max * PerUnit;

    /// <summary>
    /// Element t counts the distances that match at t steps and not at t - 1; the last element counts all larger ones.
    /// </summary>
    private readonly long[] counts = new long[Tolerances + 2];
    private long[]? sums;

    public long Total { get; private set; }

    public void Add(ReadOnlySpan<double> squares)
    {
        foreach (var square in squares)
            counts[PlaceOf(square)]++;

        Total += squares.Length;
        sums = null;
    }

    /// <summary>How many distances match.</summary>
    /// <param name="tolerance">In steps, 0 to <see cref="Max"/> * <see cref="PerUnit"/>.</param>
    public long Within(int tolerance) => (sums ??= Sum())[tolerance];

    /// <summary>
    /// The largest tolerance at which at most the given number match; null when more match at every tolerance.
    /// </summary>
    public int? LargestWith(long matches)
    {
        var first = Array.FindIndex(sums ??= Sum(), sum => sum > matches);
        return first switch { < 0 => Tolerances, 0 => null, _ => Math.Min(first - 1, Tolerances) };
    }

    /// <summary>The smallest tolerance at which all match.</summary>
    public int Reach => Math.Min(Array.FindLastIndex(counts, count => count > 0), Tolerances);

    /// <summary>
    /// Counts in bins of the given number of steps. The first bin includes distance 0; an extra bin holds larger
    /// distances.
    /// </summary>
    public long[] Histogram(int stepsABin)
    {
        var bins = new long[Tolerances / stepsABin + 1];
        for (var place = 0; place < counts.Length; place++)
            bins[Math.Max(0, place - 1) / stepsABin] += counts[place];

        return bins;
    }

    /// <summary>The least t with <c>square &lt;= tolerance²</c>.</summary>
    private static int PlaceOf(double square)
    {
        var place = Math.Min((int)Math.Ceiling(Math.Min(Math.Sqrt(square), Max + 1) * PerUnit), Tolerances + 1);
        while (place > 0 && square <= SquareOf(place - 1))
            place--;
        while (place <= Tolerances && square > SquareOf(place))
            place++;

        return place;
    }

    /// <summary>
    /// The counts above 0, each after the number of places since the one before, as integers of 7 bits per byte. The
    /// pairs of ten thousand faces take about 50 kB.
    /// </summary>
    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        for (var (place, last) = (0, 0); place < counts.Length; place++)
        {
            if (counts[place] == 0)
                continue;

            writer.Write7BitEncodedInt(place - last);
            writer.Write7BitEncodedInt64(counts[place]);
            last = place;
        }

        return bytes.ToArray();
    }

    /// <param name="bytes">A result of <see cref="ToBytes"/>.</param>
    public static DistanceCounts FromBytes(byte[] bytes)
    {
        var read = new DistanceCounts();
        using var reader = new BinaryReader(new MemoryStream(bytes));
        for (var place = 0; reader.BaseStream.Position < bytes.Length;)
        {
            place += reader.Read7BitEncodedInt();
            read.counts[place] = reader.Read7BitEncodedInt64();
            read.Total += read.counts[place];
        }

        return read;
    }

    private static double SquareOf(int tolerance)
    {
        var distance = (double)(float)(tolerance * Step);
        return distance * distance;
    }

    private long[] Sum()
    {
        var running = 0L;
        return Array.ConvertAll(counts, count => running += count);
    }
}
