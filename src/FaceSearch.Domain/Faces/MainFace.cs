namespace FaceSearch.Domain.Faces;

/// <summary>The face that a picture is of, where one face is taken: a large one near the picture's centre.</summary>
/// <remarks>
/// The rule is that of David Sandberg's facenet (align_dataset_mtcnn.py), which InsightFace took over: the area minus twice
/// the square of the distance between the box's centre and the picture's centre, in pixels. On Labeled Faces in the Wild it
/// finds the named person in all 13,233 pictures; the largest face is another person's in 55 (decision 0134).
/// </remarks>
public static class MainFace
{
    private const double WeightOfDistance = 2;

    /// <param name="boxes">In pixels of the upright picture; at least one. Of equal ones the first is taken.</param>
    /// <param name="width">Pixels of the upright picture, as its height.</param>
    /// <exception cref="ArgumentException">There is no box.</exception>
    public static int IndexOf(IReadOnlyList<BoundingBox> boxes, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (boxes.Count == 0)
            throw new ArgumentException("A picture without a face has no main face.", nameof(boxes));

        return Enumerable.Range(0, boxes.Count).MaxBy(i => Weight(boxes[i], width, height));
    }

    private static double Weight(BoundingBox box, int width, int height)
    {
        var right = box.X + (box.Width / 2.0) - (width / 2.0);
        var down = box.Y + (box.Height / 2.0) - (height / 2.0);
        return box.Area - (WeightOfDistance * ((right * right) + (down * down)));
    }
}
