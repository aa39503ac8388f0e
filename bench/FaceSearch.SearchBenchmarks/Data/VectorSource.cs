using System.Numerics;
using System.Runtime.InteropServices;
using FaceSearch.Domain.Faces;

namespace FaceSearch.SearchBenchmarks;

/// <summary>Galleries and probes of one kind, the same for every run.</summary>
internal abstract class VectorSource(string name)
{
    public const int Dimensions = 128;

    private const int BatchSize = 1 << 14;

    public string Name { get; } = name;

    /// <param name="isProbe">True for a probe: a new picture of an enrolled person or of a stranger.</param>
    public abstract void Fill(int number, bool isProbe, Span<float> values);

    public Embedding Create(int number, bool isProbe)
    {
        Span<float> values = stackalloc float[Dimensions];
        Fill(number, isProbe, values);
        return new Embedding(values);
    }

    public void Write(string path, int count, bool isProbe)
    {
        using var file = File.Create(path);
        var values = new float[BatchSize * Dimensions];
        for (var first = 0; first < count; first += BatchSize)
        {
            var batch = Math.Min(BatchSize, count - first);
            Parallel.For(0, batch, i => Fill(first + i, isProbe, values.AsSpan(i * Dimensions, Dimensions)));
            file.Write(MemoryMarshal.AsBytes(values.AsSpan(0, batch * Dimensions)));
        }
    }

    protected static Random Randomness(int kind, int number) => new(HashCode(kind, number));

    protected static float Gaussian(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(MathF.Tau * random.NextSingle());

    protected static void Normalise(Span<float> values, float norm)
    {
        var squares = 0f;
        foreach (var value in values)
            squares += value * value;

        var factor = norm / MathF.Sqrt(squares);
        foreach (ref var value in values)
            value *= factor;
    }

    private static int HashCode(int kind, int number) =>
        (int)BitOperations.Crc32C((uint)kind * 0x9E3779B9, (uint)number);
}

/// <summary>Values distributed uniformly between -1 and 1.</summary>
internal sealed class UniformVectors() : VectorSource("uniform")
{
    public override void Fill(int number, bool isProbe, Span<float> values)
    {
        var random = Randomness(isProbe ? 1 : 0, number);
        foreach (ref var value in values)
            value = 2 * random.NextSingle() - 1;
    }
}

/// <summary>Embeddings of norm 0.5 drawn as person plus picture, each from its own covariance.</summary>
/// <param name="mean">The mean of all embeddings.</param>
/// <param name="between">A factor of the persons' covariance, one column per row.</param>
/// <param name="within">A factor of the covariance of one person's pictures.</param>
internal sealed class FaceLikeVectors(string name, float[] mean, float[][] between, float[][] within) : VectorSource(name)
{
    private const int PicturesPerPerson = 3;

    /// <summary>Measured on the real photographs when they are present, else made up.</summary>
    public static FaceLikeVectors Best => MeasuredFaces.Source ?? Synthetic();

    /// <summary>
    /// Without measured covariances: both have the same axes, at random, and a variance that falls by 1.65% from axis to
    /// axis, so that 32 of 128 have 47%. Distances are 0.70 +- 0.04 for strangers, about 0.42 for two pictures of a person.
    /// </summary>
    public static FaceLikeVectors Synthetic()
    {
        const double PersonShare = 0.65, Decay = 0.9835;
        var axes = RandomAxes();
        return new FaceLikeVectors("face-like (synthetic)", new float[Dimensions], Factor(PersonShare), Factor(1 - PersonShare));

        float[][] Factor(double share) => axes
            .Select((axis, i) => Array.ConvertAll(axis, value => value * (float)Math.Sqrt(share * Math.Pow(Decay, i))))
            .ToArray();
    }

    public override void Fill(int number, bool isProbe, Span<float> values)
    {
        // Every second probe is a new picture of an enrolled person, the others are strangers.
        var person = !isProbe ? number / PicturesPerPerson : number % 2 == 0 ? number * 37 : -1 - number;
        mean.CopyTo(values);
        Add(between, Randomness(2, person), values);
        Add(within, Randomness(isProbe ? 4 : 3, number), values);
        Normalise(values, 0.5f);
    }

    /// <summary>Mean and standard deviation.</summary>
    public static string Spread(IReadOnlyCollection<double> distances)
    {
        var mean = distances.Average();
        var deviation = Math.Sqrt(distances.Average(distance => (distance - mean) * (distance - mean)));
        return FormattableString.Invariant($"{mean:F3} +- {deviation:F3}");
    }

    /// <summary>The distances of strangers among the drawn vectors.</summary>
    public string Strangers() => Spread([.. Enumerable.Range(0, 2000).Select(i => (double)
        Create(i * PicturesPerPerson, isProbe: false).DistanceTo(Create((i + 2000) * PicturesPerPerson, isProbe: false)))]);

    private static void Add(float[][] factor, Random random, Span<float> values)
    {
        var target = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var axis in factor)
        {
            var amount = new Vector<float>(Gaussian(random));
            var source = MemoryMarshal.Cast<float, Vector<float>>(axis.AsSpan());
            for (var i = 0; i < target.Length; i++)
                target[i] += amount * source[i];
        }
    }

    /// <summary>Gram-Schmidt on random vectors.</summary>
    private static float[][] RandomAxes()
    {
        var random = Randomness(5, 0);
        var axes = new List<float[]>();
        while (axes.Count < Dimensions)
        {
            var axis = Enumerable.Range(0, Dimensions).Select(_ => Gaussian(random)).ToArray();
            foreach (var other in axes)
            {
                var product = axis.Zip(other, (a, b) => a * b).Sum();
                for (var i = 0; i < Dimensions; i++)
                    axis[i] -= product * other[i];
            }

            Normalise(axis, 1);
            axes.Add(axis);
        }

        return [.. axes];
    }
}
