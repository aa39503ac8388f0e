using System.Numerics;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.FaceEngine.Alignment;

/// <summary>
/// Cuts the aligned chip dlib's embedding networks are trained on, byte for byte as dlib's get_face_chip_details and
/// extract_image_chip do (image_transforms/interpolation.h). Thread-safe.
/// </summary>
internal static class FaceChipExtractor
{
    public const int Size = 150;

    /// <summary>How much is left around the mean face on each side, in face widths.</summary>
    private const double Padding = 0.25;

    /// <summary>The mean face in a square from 0 to 1: outer and inner corner of each eye, base of the nose.</summary>
    private static readonly Complex[] FivePoints = InChip(
    [
        new(0.8595674595992, 0.2134981538014), new(0.6460604764104, 0.2289674387677),
        new(0.1205750620789, 0.2137274526848), new(0.3340850613712, 0.2290642403242),
        new(0.4901123135679, 0.6277975316475),
    ]);

    /// <summary>
    /// Points 27 to 54 and 60 to 64 of the 68: nose, eyes, upper lip. dlib leaves out the jaw, the brows and the lower
    /// lip, which move.
    /// </summary>
    private static readonly Complex[] SixtyEightPoints = InChip(
    [
        new(0.490127, 0.203352), new(0.490127, 0.307009), new(0.490127, 0.409805), new(0.490127, 0.515625),
        new(0.36688, 0.587326), new(0.426036, 0.609345), new(0.490127, 0.628106), new(0.554217, 0.609345),
        new(0.613373, 0.587326), new(0.121737, 0.216423), new(0.187122, 0.178758), new(0.265825, 0.179852),
        new(0.334606, 0.231733), new(0.260918, 0.245099), new(0.182743, 0.244077), new(0.645647, 0.231733),
        new(0.714428, 0.179852), new(0.793132, 0.178758), new(0.858516, 0.216423), new(0.79751, 0.244077),
        new(0.719335, 0.245099), new(0.254149, 0.780233), new(0.340985, 0.745405), new(0.428858, 0.727388),
        new(0.490127, 0.742578), new(0.551395, 0.727388), new(0.639268, 0.745405), new(0.726104, 0.780233),
        new(0.290379, 0.784792), new(0.428096, 0.778746), new(0.490127, 0.785343),
        new(0.552157, 0.778746), new(0.689874, 0.784792),
    ]);

    /// <returns>150 x 150 pixels of three bytes, red first; black where it reaches past the picture.</returns>
    /// <exception cref="ArgumentException">Neither 5 nor 68 points.</exception>
    public static byte[] Extract(RgbImage image, FaceLandmarks landmarks)
    {
        var chip = new byte[Size * Size * 3];
        if (ChipPlace.Of(landmarks) is { } place)
            Extract(image, place, chip);

        return chip;
    }

    private static void Extract(RgbImage image, in ChipPlace place, byte[] chip)
    {
        var (left, top, right, bottom) = place.Surroundings(image.Width, image.Height);
        if (left > right || top > bottom)
            return;

        var stride = image.Width * 3;
        ReadOnlySpan<byte> pixels = image.Pixels[((top * stride) + (left * 3))..];
        var (width, height) = (right - left + 1, bottom - top + 1);
        var corners = place.Corners.MovedBy(-left, -top);
        RgbImage? half = null;
        try
        {
            // A chip much smaller than the face is cut from a smoothed and halved picture, to avoid aliasing.
            for (var next = corners.Halved(); next.Area > Size * Size; next = corners.Halved())
            {
                var halved = ImagePyramid.Halve(pixels, stride, width, height);
                half?.Dispose();
                half = halved;
                if (half is null)
                    return;

                pixels = half.Pixels;
                (stride, width, height, corners) = (half.Width * 3, half.Width, half.Height, next);
            }

            Sample(pixels, stride, width, height, ChipMap.Of(corners, place.Angle), chip);
        }
        finally
        {
            half?.Dispose();
        }
    }

    /// <summary>Bilinear; what the four neighbours do not surround is black; fractions are cut off.</summary>
    private static void Sample(
        ReadOnlySpan<byte> pixels, int stride, int width, int height, in ChipMap map, Span<byte> chip)
    {
        for (int row = 0, target = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++, target += 3)
            {
                var (x, y) = map.Apply(column, row);
                var (left, top) = ((int)Math.Floor(x), (int)Math.Floor(y));
                if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height)
                    continue;

                double right = x - left, below = y - top;
                var upper = pixels.Slice((top * stride) + (left * 3), 6);
                var lower = pixels.Slice(((top + 1) * stride) + (left * 3), 6);
                for (var channel = 0; channel < 3; channel++)
                    chip[target + channel] = (byte)(
                        ((1 - below) * (((1 - right) * upper[channel]) + (right * upper[channel + 3])))
                        + (below * (((1 - right) * lower[channel]) + (right * lower[channel + 3]))));
            }
        }
    }

    private static Complex[] InChip(Complex[] meanFace) =>
    [
        .. meanFace.Select(point => new Complex(
            (Padding + point.Real) / ((2 * Padding) + 1) * Size,
            (Padding + point.Imaginary) / ((2 * Padding) + 1) * Size)),
    ];

    /// <summary>An upright box, corners included, as dlib's drectangle.</summary>
    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public double Area => (Right - Left + 1) * (Bottom - Top + 1);

        public Complex Centre => new((Left + Right) / 2, (Top + Bottom) / 2);

        public Box MovedBy(double x, double y) => new(Left + x, Top + y, Right + x, Bottom + y);

        public Box Halved()
        {
            var ((left, top), (right, bottom)) = (ImagePyramid.Down(Left, Top), ImagePyramid.Down(Right, Bottom));
            return new Box(Math.Min(left, right), Math.Min(top, bottom), Math.Max(left, right), Math.Max(top, bottom));
        }
    }

    /// <summary>The chip in the picture: a box, turned around its centre.</summary>
    /// <param name="Angle">Radians.</param>
    private readonly record struct ChipPlace(Box Corners, double Angle)
    {
        public static ChipPlace? Of(FaceLandmarks landmarks)
        {
            var (template, points) = landmarks.Points.Count switch
            {
                5 => (FivePoints, landmarks.Points),
                68 => (SixtyEightPoints, [.. landmarks.Points.Take(27..55), .. landmarks.Points.Take(60..65)]),
                _ => throw new ArgumentException("A chip needs 5 or 68 points.", nameof(landmarks)),
            };

            Complex[] target = [.. points.Select(point => new Complex(point.X, point.Y))];
            if (SimilarityTransform.Fit(template, target) is not { } toPicture)
                return null;

            var angle = Math.Atan2(toPicture.B, toPicture.A);
            var scale = Math.Sqrt((toPicture.A * toPicture.A) + (toPicture.B * toPicture.B));
            var (x, y) = toPicture.Apply(Size / 2.0, Size / 2.0);
            var half = ((Size * scale) - 1) / 2;
            return new ChipPlace(new Box(x - half, y - half, x + half, y + half), angle);
        }

        /// <summary>The part of the picture that is looked at: with room for the smoothing.</summary>
        public (int Left, int Top, int Right, int Bottom) Surroundings(int width, int height)
        {
            var margin = 2.0;
            for (var box = Corners.Halved(); box.Area > Size * Size; box = box.Halved())
                margin = (margin * 2) + 2;

            var (a, b, c, d) = Turned(Corners, Angle);
            var left = Math.Min(Math.Min(a.Real, b.Real), Math.Min(c.Real, d.Real)) - margin;
            var right = Math.Max(Math.Max(a.Real, b.Real), Math.Max(c.Real, d.Real)) + margin;
            var top = Math.Min(Math.Min(a.Imaginary, b.Imaginary), Math.Min(c.Imaginary, d.Imaginary)) - margin;
            var bottom = Math.Max(Math.Max(a.Imaginary, b.Imaginary), Math.Max(c.Imaginary, d.Imaginary)) + margin;
            return (Round(Math.Max(left, 0)), Round(Math.Max(top, 0)),
                Round(Math.Min(right, width - 1)), Round(Math.Min(bottom, height - 1)));
        }

        private static int Round(double position) => (int)Math.Floor(position + 0.5);
    }

    /// <summary>From the chip's pixels to the picture's: affine.</summary>
    private readonly record struct ChipMap(Complex Origin, Complex PerColumn, Complex PerRow)
    {
        public static ChipMap Of(in Box corners, double angle)
        {
            var (topLeft, topRight, bottomLeft, _) = Turned(corners, angle);
            return new ChipMap(topLeft, (topRight - topLeft) / (Size - 1), (bottomLeft - topLeft) / (Size - 1));
        }

        public (double X, double Y) Apply(int column, int row) => (
            (PerColumn.Real * column) + (PerRow.Real * row) + Origin.Real,
            (PerColumn.Imaginary * column) + (PerRow.Imaginary * row) + Origin.Imaginary);
    }

    private static (Complex TopLeft, Complex TopRight, Complex BottomLeft, Complex BottomRight) Turned(
        in Box box, double angle)
    {
        var (centre, turn) = (box.Centre, new Complex(Math.Cos(angle), Math.Sin(angle)));
        return (
            (turn * (new Complex(box.Left, box.Top) - centre)) + centre,
            (turn * (new Complex(box.Right, box.Top) - centre)) + centre,
            (turn * (new Complex(box.Left, box.Bottom) - centre)) + centre,
            (turn * (new Complex(box.Right, box.Bottom) - centre)) + centre);
    }
}
