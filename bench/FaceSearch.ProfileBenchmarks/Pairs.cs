using FaceSearch.Domain.Faces;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>1:1 comparison: every pair of pictures of one person, and as many pairs of two people.</summary>
internal sealed class Pairs
{
    private readonly double[] genuine;
    private readonly double[] strangers;

    public Pairs(IReadOnlyList<Person> people, IReadOnlyDictionary<string, Embedding> embeddings)
    {
        genuine =
        [
            .. people.SelectMany(person => person.Pictures.SelectMany(
                (a, i) => person.Pictures.Skip(i + 1).Select(b => Distance(embeddings, a, b)))).Order(),
        ];
        var random = new Random(2);
        strangers = new double[genuine.Length];
        for (var i = 0; i < strangers.Length; i++)
        {
            var (a, b) = (random.Next(people.Count), random.Next(people.Count - 1));
            b += b >= a ? 1 : 0;
            strangers[i] = Distance(embeddings, Any(random, people[a]), Any(random, people[b]));
        }

        Array.Sort(strangers);
    }

    public int Count => genuine.Length + strangers.Length;

    /// <summary>The share of pairs that are right when pairs within the tolerance count as one person.</summary>
    public double Right(double tolerance) =>
        (genuine.Count(distance => distance <= tolerance) + strangers.Count(distance => distance > tolerance)) / (double)Count;

    /// <summary>The tolerance, in steps of 0.001, at which most pairs are right.</summary>
    public double Best() => Enumerable.Range(300, 700).Select(step => step / 1000.0).MaxBy(Right);

    /// <summary>The share of genuine pairs within the tolerance that accepts this share of strangers' pairs.</summary>
    public double TarAtFmr(double fmr)
    {
        var bound = strangers[(int)(fmr * strangers.Length)];
        return genuine.Count(distance => distance < bound) / (double)genuine.Length;
    }

    private static string Any(Random random, Person person) => person.Pictures[random.Next(person.Pictures.Count)];

    /// <summary>A picture without a face has no match.</summary>
    private static double Distance(IReadOnlyDictionary<string, Embedding> embeddings, string a, string b) =>
        embeddings.TryGetValue(a, out var first) && embeddings.TryGetValue(b, out var second)
            ? first.DistanceTo(second)
            : double.PositiveInfinity;
}
