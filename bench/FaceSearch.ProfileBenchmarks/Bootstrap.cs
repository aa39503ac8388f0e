namespace FaceSearch.ProfileBenchmarks;

/// <summary>
/// 95% intervals by drawing people with replacement, known people and strangers alike (Efron and Tibshirani 1993). Every
/// profile gets the same samples, so that differences are paired.
/// </summary>
internal sealed class Bootstrap
{
    private const int Samples = 1000;

    private readonly int[][] weights;

    public Bootstrap(int people)
    {
        var random = new Random(1);
        weights = new int[Samples][];
        for (var sample = 0; sample < Samples; sample++)
        {
            weights[sample] = new int[people];
            for (var i = 0; i < people; i++)
                weights[sample][random.Next(people)]++;
        }
    }

    /// <summary>The statistic of each sample, given how often each person is in it.</summary>
    public double[] Run(Func<int[], double> statistic) =>
        [.. weights.AsParallel().AsOrdered().Select(statistic)];

    /// <summary>The 2.5th and the 97.5th percentile.</summary>
    public static (double Low, double High) Interval(IEnumerable<double> samples)
    {
        var sorted = samples.Order().ToArray();
        return (sorted[(int)(0.025 * sorted.Length)], sorted[(int)(0.975 * sorted.Length)]);
    }
}
