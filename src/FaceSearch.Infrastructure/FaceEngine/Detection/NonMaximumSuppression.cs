using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>Keeps the best of overlapping finds: greedy, by score.</summary>
internal static class NonMaximumSuppression
{
    /// <summary>
    /// Drops each detection that overlaps a better one by more than the limit. The answer is ordered by score,
    /// ties by place, so it does not depend on the order of the input.
    /// </summary>
    /// <param name="detections">Is reordered.</param>
    /// <param name="maxOverlap">Intersection over union, 0 to 1.</param>
    public static List<FaceDetection> Apply(List<FaceDetection> detections, double maxOverlap)
    {
        detections.Sort(ByScore);
        var kept = new List<FaceDetection>();
        foreach (var candidate in detections)
        {
            if (!OverlapsAny(candidate.Box, kept, maxOverlap))
                kept.Add(candidate);
        }

        return kept;
    }

    /// <summary>Intersection over union, 0 to 1; 0 for two empty boxes.</summary>
    public static double Overlap(in BoundingBox a, in BoundingBox b)
    {
        var width = Math.Min((long)a.X + a.Width, (long)b.X + b.Width) - Math.Max(a.X, b.X);
        var height = Math.Min((long)a.Y + a.Height, (long)b.Y + b.Height) - Math.Max(a.Y, b.Y);
        if (width <= 0 || height <= 0)
            return 0;

        var shared = width * height;
        return (double)shared / (a.Area + b.Area - shared);
    }

    private static bool OverlapsAny(in BoundingBox box, List<FaceDetection> kept, double maxOverlap)
    {
        foreach (var better in kept)
        {
            if (Overlap(box, better.Box) > maxOverlap)
                return true;
        }

        return false;
    }

    private static int ByScore(FaceDetection a, FaceDetection b)
    {
        var order = b.Score.CompareTo(a.Score);
        if (order == 0)
            order = (a.Box.X, a.Box.Y, a.Box.Width, a.Box.Height).CompareTo((b.Box.X, b.Box.Y, b.Box.Width, b.Box.Height));

        return order;
    }
}
