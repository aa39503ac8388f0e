namespace FaceSearch.Domain.Faces;

/// <summary>
/// A face as a point in the space of one model: immutable, finite floats (128 for every model in use). Euclidean
/// distance between two embeddings of the same model measures similarity: smaller is more alike.
/// </summary>
public sealed class Embedding
{
    /// <summary>The length of every model in use, and of the database's column.</summary>
    public const int StandardLength = 128;

    /// <summary>The value for stored bytes that are not an embedding. Its length is 0.</summary>
    public static readonly Embedding Unreadable = new();

    private readonly float[] values;

    /// <param name="values">The coordinates; copied.</param>
    /// <exception cref="ArgumentException">Empty, or a value is NaN or infinite.</exception>
    public Embedding(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
            throw new ArgumentException("An embedding has at least one value.", nameof(values));

        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                throw new ArgumentException("An embedding holds finite values only.", nameof(values));
        }

        this.values = values.ToArray();
    }

    private Embedding() => values = [];

    public int Length => values.Length;

    /// <summary>Only embeddings of the <see cref="StandardLength"/> can be searched.</summary>
    public bool IsStandard => values.Length == StandardLength;

    public ReadOnlySpan<float> Values => values;

    /// <summary>Euclidean distance, accumulated in double precision.</summary>
    /// <exception cref="ArgumentException">The lengths differ: the embeddings are of different models.</exception>
    public double DistanceTo(Embedding other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Length != Length)
            throw new ArgumentException("Embeddings of different lengths have no distance.", nameof(other));

        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            double difference = values[i] - other.values[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
