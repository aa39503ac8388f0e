using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>
/// YuNet on pictures of any size and aspect, in one or two passes. The fine pass sees the picture as it is, or
/// reduced to <see cref="FinePixels"/>; where a face could be too large for it, a coarse pass follows in which the
/// short side is <see cref="CoarseSide"/> pixels. Thread-safe.
/// </summary>
/// <remarks>
/// Range, measured on real photographs scaled so that the face has the height: from 20 pixels (at 16, five faces of
/// six are found) to a face that fills the picture. Above <see cref="FinePixels"/> the least height grows with the
/// square root of the picture's pixels: about 63 pixels in one of 12 million. In-plane rotation: up to about 90 degrees.
/// </remarks>
internal sealed class YuNetFaceDetector(YuNetNetwork network) : IFaceDetector
{
    /// <summary>1280x960: at this size crowds are found as well as at full size, and a pass stays under 30 ms.</summary>
    public const int FinePixels = 1280 * 960;

    public const int CoarseSide = 256;

    /// <summary>Of the fine pass: the scaled picture, the averaged one before it, the network's input and layers.</summary>
    private const int BytesPerPixel = 50;

    /// <summary>Of the second looks and the embedding.</summary>
    private const long NetworkBytes = 30 << 20;

    /// <summary>
    /// The counts in group pictures are best between 0.70 and 0.75. 0.71 removes false detections in a galaxy photo.
    /// </summary>
    private const float MinScore = 0.72f;

    /// <summary>Pixels of a face's longer side: above, its landmarks get worse, and at twice as many it is missed.</summary>
    private const int FineMaxFace = 400;

    /// <summary>Well below 400 pixels of the fine pass, so that no face falls between the two.</summary>
    private const int CoarseMinFace = 48;

    /// <summary>Intersection over union: above, two finds are of one face. Faces in a crowd overlap less.</summary>
    private const double MaxOverlap = 0.3;

    /// <summary>Share of a box that lies in a larger one: above, it may be a part of that face.</summary>
    private const double MaxCovered = 0.7;

    /// <summary>Pixels of a side of the second look.</summary>
    private const int SecondLookSide = 128;

    /// <summary>Pixels of the face's longer side in it.</summary>
    private const double SecondLookSize = SecondLookSide / 2.0;

    /// <summary>Finds that overlap the best one by this much are averaged for the landmarks.</summary>
    private const double MinAgreement = 0.6;

    public long MemoryFor(int width, int height) =>
        NetworkBytes + (Math.Min((long)(width + 31) * (height + 31), FinePixels * 5L / 4) * BytesPerPixel);

    public IReadOnlyList<FaceDetection> Detect(RgbImage image)
    {
        var finds = new List<FaceDetection>();
        var fine = Math.Min(1, Math.Sqrt((double)FinePixels / image.Width / image.Height));
        double shortSide = Math.Min(image.Width, image.Height);
        var twoPasses = shortSide * fine > FineMaxFace;
        AddPass(image, fine, 0, twoPasses ? FineMaxFace : float.MaxValue, finds);
        if (twoPasses)
            AddPass(image, CoarseSide / shortSide, CoarseMinFace, float.MaxValue, finds);

        var faces = NonMaximumSuppression.WithoutParts(
            NonMaximumSuppression.Apply(finds, MaxOverlap), MaxCovered, box => IsFoundAgain(image, box));
        return [.. faces.Select(best => Agree(best, finds))];
    }

    /// <summary>A second look at a part of a face shows the whole face and not the part.</summary>
    private bool IsFoundAgain(RgbImage image, BoundingBox box)
    {
        using var view = new FaceView(image, box, SecondLookSide, SecondLookSize);
        return network.Find(view.Image, MinScore)
            .Exists(face => NonMaximumSuppression.Overlap(ToDetection(face, 1, 1).Box, view.Face) > MinAgreement);
    }

    private void AddPass(RgbImage image, double scale, float minFace, float maxFace, List<FaceDetection> finds)
    {
        var width = Math.Max(1, (int)Math.Round(image.Width * scale));
        var height = Math.Max(1, (int)Math.Round(image.Height * scale));
        using var scaled = scale < 1 ? ImageScaler.Scale(image, width, height) : null;
        var scaleX = (float)image.Width / width;
        var scaleY = (float)image.Height / height;
        foreach (var face in network.Find(scaled ?? image, MinScore))
        {
            var side = Math.Max(face.Width, face.Height);
            if (side >= minFace && side <= maxFace)
                finds.Add(ToDetection(face, scaleX, scaleY));
        }
    }

    private static FaceDetection ToDetection(in YuNetFace face, float scaleX, float scaleY)
    {
        var box = new BoundingBox(
            (int)MathF.Round(face.X * scaleX),
            (int)MathF.Round(face.Y * scaleY),
            Math.Max(1, (int)MathF.Round(face.Width * scaleX)),
            Math.Max(1, (int)MathF.Round(face.Height * scaleY)));
        Landmark[] landmarks = [.. face.Landmarks.Select(point => new Landmark(point.X * scaleX, point.Y * scaleY))];
        return new FaceDetection(box, face.Score, new FaceLandmarks(landmarks));
    }

    /// <summary>
    /// The best find, with the landmarks' mean over all finds of the face, weighted by the fourth power of the score:
    /// neighbouring cells err independently, so the mean is steadier than any of them.
    /// </summary>
    private static FaceDetection Agree(FaceDetection best, List<FaceDetection> finds)
    {
        var sums = new (double X, double Y)[5];
        var total = 0.0;
        foreach (var find in finds)
        {
            if (NonMaximumSuppression.Overlap(find.Box, best.Box) < MinAgreement)
                continue;

            var weight = Math.Pow(find.Score, 4);
            total += weight;
            for (var i = 0; i < sums.Length; i++)
            {
                var point = find.Landmarks!.Points[i];
                sums[i] = (sums[i].X + (weight * point.X), sums[i].Y + (weight * point.Y));
            }
        }

        Landmark[] means = [.. sums.Select(sum => new Landmark((float)(sum.X / total), (float)(sum.Y / total)))];
        return best with { Landmarks = new FaceLandmarks(means) };
    }
}
