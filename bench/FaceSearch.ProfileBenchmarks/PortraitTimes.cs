using System.Diagnostics;
using FaceSearch.Application.Abstractions;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>The time of a portrait, from decoding to the embedding of the main face, on one thread.</summary>
internal static class PortraitTimes
{
    private const int Pictures = 60;
    private const int WarmUp = 10;
    private const int Rounds = 5;

    /// <summary>
    /// Takes pictures evenly from the list. Returns the median time of each profile in ms, and the median over all pairs of
    /// one profile's time divided by the first one's. The profiles process the same picture one after another, in
    /// alternating order, so other work on the machine slows all of them.
    /// </summary>
    public static (double[] Medians, double[] Ratios) Measure(
        IReadOnlyList<IFaceEncoder> profiles, IReadOnlyList<string> paths)
    {
        var pictures = Enumerable.Range(0, Pictures).Select(i => File.ReadAllBytes(paths[i * paths.Count / Pictures])).ToArray();
        var times = profiles.Select(_ => new List<double>()).ToArray();
        foreach (var picture in pictures.Take(WarmUp))
            foreach (var profile in profiles)
                MainFaces.Embed(profile, picture);

        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < pictures.Length; i++)
            {
                for (var j = 0; j < profiles.Count; j++)
                {
                    var turn = (i + round) % 2 == 0 ? j : profiles.Count - 1 - j;
                    var started = Stopwatch.GetTimestamp();
                    MainFaces.Embed(profiles[turn], pictures[i]);
                    times[turn].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }
        }

        return (Array.ConvertAll(times, Median), Array.ConvertAll(times, one => Median(one.Zip(times[0], (a, b) => a / b))));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
