using System.Runtime.InteropServices;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Embeddings;

public sealed class EmbeddingProjectionTests
{
    private const int Inputs = 13;
    private const int Outputs = 5;

    [Test]
    public void Project_AnyVector_IsTheFormula()
    {
        var random = new Random(1);
        var (mean, matrix, x) = (Floats(random, Inputs), Floats(random, Inputs * Outputs), Floats(random, Inputs));

        var embedding = new EmbeddingProjection(mean, matrix, Outputs).Project(x);

        Assert.That(embedding.Values.ToArray(), Is.EqualTo(Plainly(mean, matrix, x)).Within(1e-6));
    }

    [Test]
    public void Project_ScaledVector_IsTheSameEmbedding()
    {
        var random = new Random(2);
        var projection = new EmbeddingProjection(Floats(random, Inputs), Floats(random, Inputs * Outputs), Outputs);
        var x = Floats(random, Inputs);

        var scaled = projection.Project([.. x.Select(value => value * 40)]);

        Assert.That(scaled.DistanceTo(projection.Project(x)), Is.LessThan(1e-6));
    }

    [Test]
    public void Project_ZeroOrAnotherLength_IsRefused()
    {
        var projection = new EmbeddingProjection(new float[Inputs], new float[Inputs * Outputs], Outputs);

        Assert.That(() => projection.Project(new float[Inputs]), Throws.ArgumentException);
        Assert.That(() => projection.Project(new float[Inputs + 1]), Throws.ArgumentException);
    }

    [Test]
    public void Read_LittleEndianFloats_AreMeanThenRows()
    {
        var random = new Random(3);
        var (mean, matrix, x) = (Floats(random, Inputs), Floats(random, Inputs * Outputs), Floats(random, Inputs));

        var projection = EmbeddingProjection.Read(File(mean, matrix), Outputs);

        Assert.That((projection.Inputs, projection.Outputs), Is.EqualTo((Inputs, Outputs)));
        Assert.That(projection.Project(x).Values.ToArray(), Is.EqualTo(Plainly(mean, matrix, x)).Within(1e-6));
    }

    [Test]
    public void Read_Damaged_IsRefused()
    {
        var file = File(new float[Inputs], new float[Inputs * Outputs]);
        float[] notFinite = [.. new float[Outputs], float.NaN];

        Assert.That(() => EmbeddingProjection.Read(file.AsSpan(1), Outputs), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => EmbeddingProjection.Read([], Outputs), Throws.TypeOf<InvalidDataException>());
        Assert.That(() => EmbeddingProjection.Read(File([], notFinite), Outputs), Throws.TypeOf<InvalidDataException>());
    }

    private static double[] Plainly(float[] mean, float[] matrix, float[] x)
    {
        var length = Length(x.Select(value => (double)value));
        var y = Enumerable.Range(0, Outputs)
            .Select(j => Enumerable.Range(0, Inputs).Sum(i => ((x[i] / length) - mean[i]) * matrix[(i * Outputs) + j]))
            .ToArray();
        return [.. y.Select(value => value / Length(y) / 2)];
    }

    private static double Length(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    private static float[] Floats(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];

    private static byte[] File(float[] mean, float[] matrix) =>
        MemoryMarshal.AsBytes<float>((float[])[.. mean, .. matrix]).ToArray();
}
