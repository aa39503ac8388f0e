using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Calibration;

/// <summary>
/// Measures the pairs of a collection's faces as a stream, person by person. Up to <see cref="MaxFaces"/> faces all
/// pairs are measured. For more faces, the pairs of different persons are those among a uniform random sample of that
/// size, with a fixed seed. Not thread-safe.
/// </summary>
internal sealed class PairCounter(IFaceDistances distances, int maxFaces = PairCounter.MaxFaces)
{
    /// <summary>Fifty million pairs: a second or two of one core.</summary>
    public const int MaxFaces = 10_000;

    /// <summary>Further faces of a person are not measured.</summary>
    public const int MaxFacesPerPerson = 2_000;

    /// <summary>Distances that <see cref="FinishPart"/> measures at most, and one face's more: about 50 ms.</summary>
    private const int DistancesPerPart = 1_000_000;

    private const int Length = Embedding.StandardLength;

    private readonly Random random = new(Seed: 1);
    private readonly List<float[]> drawn = [];
    private readonly List<long> owners = [];
    private readonly List<float[]> person = [];
    private long current = -1;
    private bool isPersonCut;
    private float[]? rows;
    private int finished;

    public DistanceCounts Same { get; } = new();

    public DistanceCounts Different { get; } = new();

    /// <summary>Faces added so far.</summary>
    public long Faces { get; private set; }

    public int Persons { get; private set; }

    public int PersonsWithSeveralFaces { get; private set; }

    /// <summary>True when not all pairs were measured.</summary>
    public bool IsSampled => isPersonCut || Faces > maxFaces;

    /// <param name="personId">All faces of a person come together.</param>
    public void Add(long personId, Embedding embedding)
    {
        if (embedding.Length != Length)
            throw new ArgumentException($"An embedding has {Length} values.", nameof(embedding));

        if (personId != current)
        {
            current = personId;
            person.Clear();
            Persons++;
        }

        var values = embedding.Values.ToArray();
        Draw(personId, values);
        Faces++;
        if (person.Count == MaxFacesPerPerson)
        {
            isPersonCut = true;
            return;
        }

        person.Add(values);
        if (person.Count == 2)
            PersonsWithSeveralFaces++;
        Measure(values, person, person.Count - 1, Same);
    }

    /// <summary>
    /// After the last face: measures a part of the pairs of different persons. Call it until it returns false. CPU-bound.
    /// </summary>
    /// <returns>Whether pairs are left.</returns>
    public bool FinishPart(CancellationToken ct)
    {
        rows ??= ToRows();
        var squares = new double[drawn.Count];
        for (var measured = 0; finished < drawn.Count && measured < DistancesPerPart; finished++)
        {
            ct.ThrowIfCancellationRequested();
            MeasureOthers(rows, finished, squares);
            measured += finished;
        }

        return finished < drawn.Count;
    }

    private float[] ToRows()
    {
        var values = new float[drawn.Count * Length];
        for (var i = 0; i < drawn.Count; i++)
            drawn[i].CopyTo(values, i * Length);

        return values;
    }

    /// <summary>Measures the face against all earlier faces of other persons.</summary>
    private void MeasureOthers(float[] values, int face, double[] squares)
    {
        distances.Measure(values.AsSpan(face * Length, Length), values.AsSpan(0, face * Length), squares.AsSpan(0, face));
        var kept = 0;
        for (var i = 0; i < face; i++)
        {
            if (owners[i] != owners[face])
                squares[kept++] = squares[i];
        }

        Different.Add(squares.AsSpan(0, kept));
    }

    /// <summary>
    /// Reservoir sampling (Vitter's algorithm R): each face so far is in the sample with the same probability.
    /// </summary>
    private void Draw(long personId, float[] values)
    {
        if (drawn.Count < maxFaces)
        {
            drawn.Add(values);
            owners.Add(personId);
        }
        else if (random.NextInt64(Faces + 1) is var place && place < maxFaces)
        {
            drawn[(int)place] = values;
            owners[(int)place] = personId;
        }
    }

    private void Measure(float[] face, List<float[]> others, int count, DistanceCounts counts)
    {
        Span<double> square = stackalloc double[1];
        for (var i = 0; i < count; i++)
        {
            distances.Measure(face, others[i], square);
            counts.Add(square);
        }
    }
}
