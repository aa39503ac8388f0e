namespace FaceSearch.ProfileBenchmarks.Quality;

/// <summary>Lloyd's algorithm from rows at equal steps, so that the same rows give the same centres.</summary>
internal static class KMeans
{
    private const int Rounds = 50;

    public static double[][] Run(float[][] rows, int count)
    {
        var centres = Enumerable.Range(0, count).Select(i => Array.ConvertAll(rows[i * rows.Length / count], value => (double)value)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var cluster in rows.GroupBy(row => Nearest(centres, row)).ToArray())
                centres[cluster.Key] = Mean([.. cluster]);
        }

        return centres;
    }

    private static int Nearest(double[][] centres, float[] row) =>
        Enumerable.Range(0, centres.Length).MinBy(i => row.Zip(centres[i], (a, b) => (a - b) * (a - b)).Sum());

    private static double[] Mean(float[][] rows)
    {
        var mean = new double[rows[0].Length];
        foreach (var row in rows)
        {
            for (var i = 0; i < mean.Length; i++)
                mean[i] += row[i] / (double)rows.Length;
        }

        return mean;
    }
}
