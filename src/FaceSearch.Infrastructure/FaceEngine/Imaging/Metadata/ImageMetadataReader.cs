using System.Globalization;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;

/// <summary>Time, camera and position from EXIF; what is out of range or unreadable is left out. Thread-safe.</summary>
internal sealed class ImageMetadataReader : IImageMetadataReader
{
    private const string ExifTime = "yyyy:MM:dd HH:mm:ss";

    public ImageMetadata Read(ReadOnlyMemory<byte> picture)
    {
        var main = TiffDirectory.Open(ExifBlock.Find(picture.Span));
        var (latitude, longitude) = Position(main.Follow(ExifTag.GpsDirectory));
        return new ImageMetadata(CapturedAt(main.Follow(ExifTag.ExifDirectory)), Camera(main), latitude, longitude);
    }

    private static DateTime? CapturedAt(TiffDirectory exif)
    {
        if (!DateTime.TryParseExact(
            exif.Text(ExifTag.DateTimeOriginal), ExifTime, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return null;

        var offset = Offset(exif.Text(ExifTag.OffsetTimeOriginal));
        return time.Ticks > offset.Ticks && time.Ticks - offset.Ticks <= DateTime.MaxValue.Ticks ? time - offset : null;
    }

    /// <summary><c>+02:00</c>; zero where there is none.</summary>
    private static TimeSpan Offset(string? text) =>
        DateTimeOffset.TryParseExact(
            $"2000-01-01 {text}", "yyyy-MM-dd zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
            ? parsed.Offset
            : TimeSpan.Zero;

    /// <summary>Many makers repeat their name in the model's.</summary>
    private static string? Camera(TiffDirectory main)
    {
        var make = main.Text(ExifTag.Make) ?? "";
        var model = main.Text(ExifTag.Model) ?? "";
        var camera = model.StartsWith(make, StringComparison.OrdinalIgnoreCase) ? model : $"{make} {model}".Trim();
        if (camera.Length > ImageMetadata.CameraMaxLength)
            camera = camera[..ImageMetadata.CameraMaxLength].TrimEnd();

        return camera.Length == 0 ? null : camera;
    }

    private static (double? Latitude, double? Longitude) Position(TiffDirectory gps) =>
        (Signed(gps, ExifTag.GpsLatitude, ExifTag.GpsLatitudeRef, "S"), Signed(gps, ExifTag.GpsLongitude, ExifTag.GpsLongitudeRef, "W"))
            is (>= -90 and <= 90, >= -180 and <= 180) position
            ? position
            : (null, null);

    /// <summary>Null without the reference that says on which side of the equator or meridian it is.</summary>
    private static double? Signed(TiffDirectory gps, ExifTag angle, ExifTag reference, string negative) =>
        gps.Text(reference) is { Length: > 0 } side
            ? gps.Angle(angle) * (side.Equals(negative, StringComparison.OrdinalIgnoreCase) ? -1 : 1)
            : null;
}
