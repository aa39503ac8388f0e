using FaceSearch.Infrastructure.VectorIndex;

namespace FaceSearch.SearchBenchmarks;

/// <summary>The rows per probe that the codes do not exclude, with and without the tolerance.</summary>
internal static class Survivors
{
    private const int ProbeCount = 40;
    private const int Rounds = 9;

    public static void Run(int rows)
    {
        foreach (var source in new VectorSource[] { new UniformVectors(), FaceLikeVectors.Best })
        {
            var index = new FlatIndex();
            Galleries.Fill(index, source, 0, rows);
            Console.WriteLine(source.Name + (source is FaceLikeVectors faces ? $", strangers at {faces.Strangers()}" : ""));
            foreach (var tolerance in new[] { float.PositiveInfinity, 0.6f })
            {
                Measure(index, source, "enrolled", 0, tolerance);
                Measure(index, source, "strangers", 1, tolerance);
            }
        }
    }

    private static void Measure(FlatIndex index, VectorSource source, string kind, int parity, float tolerance)
    {
        var probes = Enumerable.Range(0, ProbeCount).Select(i => source.Create(2 * i + parity, isProbe: true)).ToArray();
        var best = new Fastest();
        for (var round = 0; round < Rounds; round++)
            best.Add(Galleries.OneByOne(index, probes, tolerance, threads: 1).Milliseconds);

        Console.WriteLine(FormattableString.Invariant(
            $"  {kind,-9} tolerance {tolerance,3}: {best.Mean:F3} ms a probe"));
    }
}
