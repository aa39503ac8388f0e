using FaceSearch.Domain.Faces;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>A search: the picture's person, the distance of the nearest face, and whether it is the person's own.</summary>
internal readonly record struct Search(int Person, double Distance, bool Right);

/// <summary>
/// Open-set identification after ISO/IEC 19795-1. A draw enrols one picture of each of some people: of all with several
/// pictures, and of others up to the gallery's size. The other pictures of the enrolled are searches of known people; the
/// first pictures of all other people are searches of strangers. A search is right when its nearest face is the person's
/// own and within the threshold.
/// </summary>
internal sealed class OpenSet
{
    public const int Draws = 20;
    public const int GalleryPeople = 900;

    private readonly List<Search>[] known = [.. Enumerable.Range(0, Draws).Select(_ => new List<Search>())];
    private readonly List<Search> strangers = [];

    private OpenSet(int people) => People = people;

    public int People { get; }

    public int KnownSearches => known.Sum(draw => draw.Count);

    public int StrangerSearches => strangers.Count;

    /// <param name="embeddings">By picture; a known person's picture without a face counts as a missed search.</param>
    public static OpenSet Run(IReadOnlyList<Person> people, IReadOnlyDictionary<string, Embedding> embeddings)
    {
        var set = new OpenSet(people.Count);
        for (var draw = 0; draw < Draws; draw++)
            set.Add(draw, Draw.Of(draw, people), people, embeddings);

        return set;
    }

    /// <summary>TPIR over all draws, at the threshold where the strangers of all draws have this FPIR.</summary>
    /// <param name="weights">The weight of each person, by index in the list; null for 1 each.</param>
    public double Tpir(double fpir, int[]? weights = null)
    {
        var threshold = Threshold(fpir, weights);
        return Share(known.SelectMany(draw => draw), threshold, weights);
    }

    /// <summary>TPIR of each draw at the threshold of all of them.</summary>
    public double[] TpirByDraw(double fpir)
    {
        var threshold = Threshold(fpir, null);
        return Array.ConvertAll(known, draw => Share(draw, threshold, null));
    }

    /// <summary>The share of known searches whose nearest face is the right one, at any distance.</summary>
    public double Rank1() => Share(known.SelectMany(draw => draw), double.MaxValue, null);

    public double Threshold(double fpir) => Threshold(fpir, null);

    private void Add(int draw, Draw drawn, IReadOnlyList<Person> people, IReadOnlyDictionary<string, Embedding> embeddings)
    {
        var gallery = drawn.Enrolled.Where(enrolled => embeddings.ContainsKey(enrolled.Picture))
            .Select(enrolled => (enrolled.Person, Face: embeddings[enrolled.Picture].Values.ToArray())).ToArray();
        var probes = drawn.Enrolled.SelectMany(enrolled => people[enrolled.Person].Pictures
            .Where(picture => picture != enrolled.Picture).Select(picture => (enrolled.Person, Picture: picture)));
        foreach (var (person, picture) in probes)
            known[draw].Add(SearchFor(person, picture));

        strangers.AddRange(drawn.Strangers.Where(person => embeddings.ContainsKey(people[person].Pictures[0]))
            .Select(person => SearchFor(person, people[person].Pictures[0])));
        strangers.Sort((a, b) => a.Distance.CompareTo(b.Distance));

        Search SearchFor(int person, string picture)
        {
            if (!embeddings.TryGetValue(picture, out var probe))
                return new Search(person, double.PositiveInfinity, false);

            var (nearest, distance) = Nearest(gallery, probe.Values);
            return new Search(person, Math.Sqrt(distance), gallery[nearest].Person == person);
        }
    }

    private static (int Index, float Squared) Nearest((int Person, float[] Face)[] gallery, ReadOnlySpan<float> probe)
    {
        var (nearest, least) = (0, float.MaxValue);
        for (var i = 0; i < gallery.Length; i++)
        {
            var distance = System.Numerics.Tensors.TensorPrimitives.Distance(gallery[i].Face, probe);
            if (distance * distance < least)
                (nearest, least) = (i, distance * distance);
        }

        return (nearest, least);
    }

    /// <summary>The distance of the nearest stranger that must not be accepted; accepted searches are below it.</summary>
    private double Threshold(double fpir, int[]? weights)
    {
        var allowed = fpir * strangers.Sum(search => (long)Weight(search, weights));
        var accepted = 0L;
        foreach (var search in strangers)
        {
            accepted += Weight(search, weights);
            if (accepted > allowed)
                return search.Distance;
        }

        return double.PositiveInfinity;
    }

    private static double Share(IEnumerable<Search> searches, double threshold, int[]? weights)
    {
        long all = 0, right = 0;
        foreach (var search in searches)
        {
            var weight = Weight(search, weights);
            all += weight;
            if (search.Right && search.Distance < threshold)
                right += weight;
        }

        return right / (double)all;
    }

    private static int Weight(Search search, int[]? weights) => weights is null ? 1 : weights[search.Person];
}
