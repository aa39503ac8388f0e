using System.Buffers.Binary;
using System.Numerics.Tensors;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Embeddings;

/// <summary>
/// A centred linear projection of a network's output to fewer floats, fitted by principal component analysis
/// (bench/projection.sh). Immutable and thread-safe.
/// </summary>
/// <remarks>
/// For an output x of the network: u = x / |x|, y = (u - mean) W, embedding = y / (2 |y|). So the result has length 0.5,
/// and two unit vectors y / |y| that are 1.2 apart give embeddings that are 0.6 apart.
/// </remarks>
internal sealed class EmbeddingProjection
{
    private readonly float[] matrix;
    private readonly float[] centre;

    /// <param name="mean">The mean of the normalised outputs: one float per input.</param>
    /// <param name="matrix">W, a row of <paramref name="outputs"/> floats per input, rows one after another.</param>
    /// <exception cref="ArgumentException">The matrix does not have a row per float of the mean.</exception>
    public EmbeddingProjection(ReadOnlySpan<float> mean, ReadOnlySpan<float> matrix, int outputs)
    {
        if (outputs < 1 || mean.IsEmpty || matrix.Length != mean.Length * outputs)
            throw new ArgumentException("The matrix needs a row of outputs for each float of the mean.", nameof(matrix));

        this.matrix = matrix.ToArray();
        Inputs = mean.Length;
        Outputs = outputs;
        centre = new float[outputs];
        Multiply(mean, centre);
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Reads a data file: the mean, then W by rows, as little-endian single floats.</summary>
    /// <exception cref="InvalidDataException">The length fits no number of inputs, or a value is not finite.</exception>
    public static EmbeddingProjection Read(ReadOnlySpan<byte> file, int outputs)
    {
        var rowBytes = sizeof(float) * (1 + outputs);
        if (file.Length == 0 || file.Length % rowBytes != 0)
            throw new InvalidDataException($"A projection to {outputs} floats has a multiple of {rowBytes} bytes, not {file.Length}.");

        var values = new float[file.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(file[(i * sizeof(float))..]);

        if (!values.All(float.IsFinite))
            throw new InvalidDataException("A projection holds finite values only.");

        var inputs = file.Length / rowBytes;
        return new EmbeddingProjection(values.AsSpan(0, inputs), values.AsSpan(inputs), outputs);
    }

    /// <summary>The projection to <see cref="Embedding.StandardLength"/> floats that is built into this assembly.</summary>
    /// <param name="name">As the file in this folder: <c>mfn-projection.bin</c>.</param>
    public static EmbeddingProjection Load(string name)
    {
        using var stream = typeof(EmbeddingProjection).Assembly.GetManifestResourceStream(name)
            ?? throw new ArgumentException($"This assembly has no resource {name}.", nameof(name));
        var file = new byte[stream.Length];
        stream.ReadExactly(file);
        return Read(file, Embedding.StandardLength);
    }

    /// <summary>The embedding of a network's output, of length 0.5.</summary>
    /// <exception cref="ArgumentException">Another number of floats, all of them zero, or one not finite.</exception>
    public Embedding Project(ReadOnlySpan<float> output)
    {
        if (output.Length != Inputs)
            throw new ArgumentException($"This projection takes {Inputs} floats, not {output.Length}.", nameof(output));

        Span<float> projected = stackalloc float[Outputs];
        Multiply(output, projected);
        TensorPrimitives.Divide(projected, TensorPrimitives.Norm(output), projected);
        TensorPrimitives.Subtract(projected, centre, projected);
        return HalfLength.Of(projected);
    }

    private void Multiply(ReadOnlySpan<float> row, Span<float> product)
    {
        product.Clear();
        for (var i = 0; i < Inputs; i++)
            TensorPrimitives.MultiplyAdd(matrix.AsSpan(i * Outputs, Outputs), row[i], product, product);
    }
}
