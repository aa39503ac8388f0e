using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;
using SkiaSharp;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>The size of a picture that can be decoded, and the memory that takes.</summary>
/// <param name="Width">Pixels of the upright picture.</param>
/// <param name="DecodingBytes">At the peak of decoding.</param>
internal readonly record struct PictureSize(int Width, int Height, long DecodingBytes)
{
    /// <summary>For buffers that do not grow with the picture.</summary>
    private const long Overhead = 4 << 20;

    public long Pixels => (long)Width * Height;

    /// <summary>Of the decoded picture.</summary>
    public long PictureBytes => Pixels * RgbImage.BytesPerPixel;

    /// <param name="picture">The file.</param>
    public static PictureSize Of(SKSizeI stored, SKEncodedOrigin origin, ImageFormat format, ReadOnlySpan<byte> picture)
    {
        var isTurned = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = isTurned ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        var bytesPerPixel = format == ImageFormat.Jpeg
            ? RgbImage.BytesPerPixel + CoefficientsOf(picture)
            : 4 + (origin == SKEncodedOrigin.TopLeft ? 0 : RgbImage.BytesPerPixel) + CodecBytesOf(format, picture);
        return new PictureSize(width, height, (long)((double)width * height * bytesPerPixel) + Overhead);
    }

    /// <summary>
    /// The bytes per pixel that the library holds beside the four of its output, measured as in decision 0126. PNG's
    /// first chunk has the bits per channel at 8 and the interlace method at 12.
    /// </summary>
    private static int CodecBytesOf(ImageFormat format, ReadOnlySpan<byte> picture) => format switch
    {
        ImageFormat.Png => PngChunk.Find(picture, "IHDR"u8) switch { [.., 16, _, _, _, 1] => 8, [.., 1] => 4, _ => 0 },
        ImageFormat.Webp => 4,
        ImageFormat.Gif => 3,
        _ => 0,
    };

    /// <summary>
    /// Bytes per pixel. A JPEG whose first scan is not of whole pixels, as it is progressive or has a scan per channel, is
    /// held as coefficients of two bytes. ITU T.81, B.2.2 and B.2.3.
    /// </summary>
    private static double CoefficientsOf(ReadOnlySpan<byte> jpeg)
    {
        const byte Progressive = 0xC2, ProgressiveArithmetic = 0xCA;
        const double MostChannels = 4;
        var rest = jpeg[2..];
        JpegSegment frame = default;
        while (JpegSegment.TryRead(ref rest, out var segment))
        {
            if (segment.Marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                frame = segment;
            if (segment.IsScan)
                return frame.Marker is Progressive or ProgressiveArithmetic || segment.Body is [var channels, ..] && channels < ChannelsOf(frame)
                    ? 2 * SamplesOf(frame)
                    : 0;
        }

        // The library also reads headers that are not quite right.
        return 2 * MostChannels;
    }

    private static int ChannelsOf(in JpegSegment frame) => frame.Body is [_, _, _, _, _, var channels, ..] ? channels : 0;

    /// <summary>Per pixel: 3 where every channel has all, 1.5 where two channels have a quarter.</summary>
    private static double SamplesOf(in JpegSegment frame)
    {
        const int Channels = 6, Bytes = 3;
        var (samples, across, down) = (0, 1, 1);
        for (var at = Channels; at + Bytes <= frame.Body.Length; at += Bytes)
        {
            var (columns, rows) = (frame.Body[at + 1] >> 4, frame.Body[at + 1] & 15);
            (samples, across, down) = (samples + (columns * rows), Math.Max(across, columns), Math.Max(down, rows));
        }

        return (double)samples / (across * down);
    }
}
