using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Detection;

/// <summary>
/// UltraFace on pictures of any size: views of the whole picture and of its parts (see <see cref="TileLayout"/>), their
/// finds merged. Scores are 0.7 to 1; a sure face has 0.99. Gives no landmarks. Thread-safe.
/// </summary>
/// <remarks>
/// The network takes many textures for small faces and some animals for large ones. A small find counts when several
/// anchors agree on it, a large one when the network finds it again alone in the middle of a view.
/// </remarks>
internal sealed class UltraFaceDetector(UltraFaceNetwork network) : IFaceDetector
{
    /// <summary>25 views of the picture's parts at the finest size of a picture of 4:3, 35 in all.</summary>
    private const int FinePixels = 1280 * 960;

    /// <summary>Of <see cref="FinePixels"/>: the scaled picture, and the averaged one of up to four times as many pixels.</summary>
    private const int BytesPerPixel = 5 * RgbImage.BytesPerPixel;

    private const long NetworkBytes = 40 << 20;

    private const float MinScore = 0.7f;

    /// <summary>Intersection over union: above, two finds are of one face.</summary>
    private const double MaxOverlap = 0.3;

    /// <summary>Share of the smaller box that lies in a better one: above, it is a part of that face.</summary>
    private const double MaxCovered = 0.7;

    /// <summary>Finds that overlap the best one by this much are averaged for the face's box.</summary>
    private const double MinAgreement = 0.5;

    /// <summary>Finds that must agree on a small face.</summary>
    private const int MinFinds = 3;

    /// <summary>Pixels of the longer side from which a face is looked at alone: enlarged, a smaller one is too blurred.</summary>
    private const int MinSecondLook = 40;

    /// <summary>Pixels of a face's longer side in the second look.</summary>
    private const double SecondLookSize = UltraFaceNetwork.Height / 4.0;

    private const float MinSecondScore = 0.5f;

    /// <summary>Pixels of a view: a find that comes nearer to a cut through the picture is part of a face.</summary>
    private const int CutMargin = 3;

    public long MemoryFor(int width, int height) => NetworkBytes + (Math.Min((long)width * height, FinePixels) * BytesPerPixel);

    public IReadOnlyList<FaceDetection> Detect(RgbImage image)
    {
        var finds = new List<FaceDetection>();
        foreach (var (width, height) in TileLayout.Sizes(
            image.Width, image.Height, UltraFaceNetwork.Width, UltraFaceNetwork.Height, FinePixels))
        {
            AddViews(image, width, height, finds);
        }

        var faces = new List<FaceDetection>();
        foreach (var best in NonMaximumSuppression.Apply(finds, MaxOverlap))
        {
            var isPart = faces.Exists(better => NonMaximumSuppression.Covered(best.Box, better.Box) > MaxCovered);
            if (!isPart && Confirm(image, best, finds) is { } face)
                faces.Add(face);
        }

        return faces;
    }

    private void AddViews(RgbImage image, int width, int height, List<FaceDetection> finds)
    {
        using var scaled = width == image.Width && height == image.Height ? null : ImageScaler.Scale(image, width, height);
        var (scaleX, scaleY) = ((float)image.Width / width, (float)image.Height / height);
        foreach (var top in TileLayout.Starts(height, UltraFaceNetwork.Height))
        {
            foreach (var left in TileLayout.Starts(width, UltraFaceNetwork.Width))
            {
                finds.AddRange(network.Find(scaled ?? image, left, top, MinScore)
                    .Where(face => !IsCut(face.X, face.Width, left, UltraFaceNetwork.Width, width)
                        && !IsCut(face.Y, face.Height, top, UltraFaceNetwork.Height, height))
                    .Select(face => new FaceDetection(ToBox(face, scaleX, scaleY), face.Score, Landmarks: null)));
            }
        }
    }

    /// <summary>Whether a find touches a side of the view that is not a side of the picture.</summary>
    private static bool IsCut(float start, float length, int view, int viewLength, int pictureLength) =>
        (view > 0 && start < view + CutMargin)
        || (view + viewLength < pictureLength && start + length > view + viewLength - CutMargin);

    private static BoundingBox ToBox(in UltraFace face, float scaleX, float scaleY) => Box(
        face.X * scaleX, face.Y * scaleY, (face.X + face.Width) * scaleX, (face.Y + face.Height) * scaleY);

    private static BoundingBox Box(double left, double top, double right, double bottom)
    {
        var (x, y) = ((int)Math.Round(left), (int)Math.Round(top));
        return new BoundingBox(x, y, Math.Max(1, (int)Math.Round(right) - x), Math.Max(1, (int)Math.Round(bottom) - y));
    }

    /// <summary>
    /// The face in the mean of the boxes that agree, weighted by the fourth power of the score: steadier than the best.
    /// </summary>
    /// <returns>Null when it is probably no face.</returns>
    private FaceDetection? Confirm(RgbImage image, in FaceDetection best, List<FaceDetection> finds)
    {
        double left = 0, top = 0, right = 0, bottom = 0, total = 0;
        var agreeing = 0;
        foreach (var find in finds)
        {
            if (NonMaximumSuppression.Overlap(find.Box, best.Box) < MinAgreement)
                continue;

            var weight = Math.Pow(find.Score, 4);
            agreeing++;
            total += weight;
            left += weight * find.Box.X;
            top += weight * find.Box.Y;
            right += weight * (find.Box.X + find.Box.Width);
            bottom += weight * (find.Box.Y + find.Box.Height);
        }

        var box = Box(left / total, top / total, right / total, bottom / total);
        var isFace = Math.Max(box.Width, box.Height) < MinSecondLook ? agreeing >= MinFinds : IsFoundAgain(image, box);
        return isFace ? best with { Box = box } : null;
    }

    /// <summary>A second look: the face alone, at one size, in the middle of a view that is black beyond the picture.</summary>
    private bool IsFoundAgain(RgbImage image, in BoundingBox box)
    {
        const int top = (UltraFaceNetwork.Width - UltraFaceNetwork.Height) / 2;
        using var view = new FaceView(image, box, UltraFaceNetwork.Width, SecondLookSize);
        return network.Find(view.Image, 0, top, MinSecondScore)
            .Exists(face => NonMaximumSuppression.Overlap(ToBox(face, 1, 1), view.Face) > MinAgreement);
    }
}
