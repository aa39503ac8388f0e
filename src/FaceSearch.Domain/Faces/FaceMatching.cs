namespace FaceSearch.Domain.Faces;

/// <summary>Finds enrolled faces again among the faces that a detector finds in the same picture.</summary>
public static class FaceMatching
{
    /// <summary>For a box that a client gives.</summary>
    public const double MinOverlap = 0.4;

    /// <summary>For boxes of two detectors, which differ for the same face.</summary>
    public const double MinOverlapOfDetectors = 0.3;

    /// <summary>
    /// Pairs each enrolled box with the detected one that overlaps it most, the best pairs first; no detected box is
    /// used twice.
    /// </summary>
    /// <param name="minOverlap">Intersection over union, 0 to 1, of a pair at least.</param>
    /// <returns>For each enrolled box the index of its detected one; -1 where there is none.</returns>
    public static int[] Match(
        IReadOnlyList<BoundingBox> enrolled, IReadOnlyList<BoundingBox> detected, double minOverlap)
    {
        ArgumentNullException.ThrowIfNull(enrolled);
        ArgumentNullException.ThrowIfNull(detected);
        var places = new int[enrolled.Count];
        Array.Fill(places, -1);
        var pairs = from place in Enumerable.Range(0, enrolled.Count)
                    from other in Enumerable.Range(0, detected.Count)
                    let overlap = enrolled[place].OverlapWith(detected[other])
                    where overlap >= minOverlap
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
}
