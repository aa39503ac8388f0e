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

    /// <summary>
    /// Drops each detection that is a part of a larger face, as an eye and the cheek beside it: it lies in the larger box
    /// and is not found again. A small face in front of a larger one is found again and stays.
    /// </summary>
    /// <param name="maxCovered">Share of the smaller box in the larger one, 0 to 1: above, it may be a part.</param>
    /// <param name="isFoundAgain">A second look at the smaller box alone.</param>
    public static IEnumerable<FaceDetection> WithoutParts(
        IReadOnlyList<FaceDetection> faces, double maxCovered, Func<BoundingBox, bool> isFoundAgain) =>
        faces.Where(face =>
            !faces.Any(larger => larger.Box.Area > face.Box.Area && Covered(larger.Box, face.Box) > maxCovered)
            || isFoundAgain(face.Box));

    /// <summary>Intersection over union, 0 to 1; 0 for two empty boxes.</summary>
    public static double Overlap(in BoundingBox a, in BoundingBox b)
    {
        var shared = Shared(a, b);
        return shared == 0 ? 0 : (double)shared / (a.Area + b.Area - shared);
    }

    /// <summary>The share of the smaller box that lies in the other, 0 to 1.</summary>
    public static double Covered(in BoundingBox a, in BoundingBox b)
    {
        var shared = Shared(a, b);
        return shared == 0 ? 0 : (double)shared / Math.Min(a.Area, b.Area);
    }

    private static long Shared(in BoundingBox a, in BoundingBox b)
    {
        var width = Math.Min((long)a.X + a.Width, (long)b.X + b.Width) - Math.Max(a.X, b.X);
        var height = Math.Min((long)a.Y + a.Height, (long)b.Y + b.Height) - Math.Max(a.Y, b.Y);
        return Math.Max(0, width) * Math.Max(0, height);
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
