using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>Matches enrolled faces with the faces that another detector finds in the same picture.</summary>
internal static class FaceMatching
{
    /// <summary>Detectors return different boxes for the same face.</summary>
    public const double MinOverlap = 0.3;

    /// <summary>
    /// Pairs each enrolled box with the detected one that overlaps it most, the best pairs first; no detected box is
    /// used twice.
    /// </summary>
    /// <returns>For each enrolled box the index of its detected one; -1 where there is none.</returns>
    public static int[] Match(IReadOnlyList<BoundingBox> enrolled, IReadOnlyList<BoundingBox> detected)
    {
        var places = new int[enrolled.Count];
        Array.Fill(places, -1);
        var pairs = from place in Enumerable.Range(0, enrolled.Count)
                    from other in Enumerable.Range(0, detected.Count)
                    let overlap = Overlap(enrolled[place], detected[other])
                    where overlap >= MinOverlap
                    orderby overlap descending, place, other
                    select (place, other);
        var used = new HashSet<int>();
        foreach (var (place, other) in pairs)
        {
            if (places[place] < 0 && used.Add(other))
                places[place] = other;
        }

        return places;
    }

    /// <summary>Intersection over union, 0 to 1.</summary>
    private static double Overlap(BoundingBox a, BoundingBox b)
    {
        long width = Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X);
        long height = Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y);
        if (width <= 0 || height <= 0)
            return 0;

        var common = width * height;
        return (double)common / (a.Area + b.Area - common);
    }
}
