namespace FaceSearch.SearchBenchmarks;

/// <summary>A sample covariance, and a factor of it to draw vectors with.</summary>
internal sealed class Covariance
{
    private readonly int degrees;
    private readonly double[,] values;

    /// <param name="deviations">Samples minus their mean.</param>
    /// <param name="degrees">Degrees of freedom: the number of samples minus the number of subtracted means.</param>
    public Covariance(IEnumerable<float[]> deviations, int degrees)
    {
        this.degrees = degrees;
        values = new double[VectorSource.Dimensions, VectorSource.Dimensions];
        foreach (var row in deviations)
            Each((i, j) => values[i, j] + (double)row[i] * row[j] / degrees);
    }

    private Covariance(double[,] values, int degrees, Func<int, int, double> value)
    {
        this.values = (double[,])values.Clone();
        this.degrees = degrees;
        Each(value);
    }

    public double Trace => Enumerable.Range(0, VectorSource.Dimensions).Sum(i => values[i, i]);

    public Covariance Scaled(double factor) => new(values, degrees, (i, j) => factor * values[i, j]);

    /// <summary>
    /// Shrinks towards the identity until the sum of squares equals that expected in the whole population, because the
    /// spectrum of few samples is too steep. For normal samples
    /// <c>E tr(S^2) = tr(C^2) (1 + 1/m) + tr(C)^2 / m</c>.
    /// </summary>
    public Covariance Shrunk()
    {
        var (n, m) = ((double)VectorSource.Dimensions, (double)degrees);
        var squares = values.Cast<double>().Sum(value => value * value);
        var expected = (squares - Trace * Trace / m) * m * m / ((m - 1) * (m + 2));
        var even = Trace / n;
        var share = Math.Sqrt(Math.Max(0, expected - n * even * even) / (squares - n * even * even));
        return new(values, degrees, (i, j) => share * values[i, j] + (i == j ? (1 - share) * even : 0));
    }

    /// <summary>Cholesky: the columns of L with L L' the covariance, one per row.</summary>
    public float[][] Factor()
    {
        var n = VectorSource.Dimensions;
        var columns = Enumerable.Range(0, n).Select(_ => new double[n]).ToArray();
        for (var j = 0; j < n; j++)
        {
            var diagonal = Math.Sqrt(values[j, j] - columns[..j].Sum(column => column[j] * column[j]));
            for (var i = j; i < n; i++)
                columns[j][i] = (values[i, j] - columns[..j].Sum(column => column[i] * column[j])) / diagonal;
        }

        return Array.ConvertAll(columns, column => Array.ConvertAll(column, value => (float)value));
    }

    public static float[] Mean(float[][] rows) =>
        [.. Enumerable.Range(0, VectorSource.Dimensions).Select(i => rows.Average(row => row[i]))];

    public static float[] Less(float[] row, float[] mean) => [.. row.Zip(mean, (value, average) => value - average)];

    private void Each(Func<int, int, double> value)
    {
        for (var i = 0; i < VectorSource.Dimensions; i++)
        {
            for (var j = 0; j < VectorSource.Dimensions; j++)
                values[i, j] = value(i, j);
        }
    }
}
