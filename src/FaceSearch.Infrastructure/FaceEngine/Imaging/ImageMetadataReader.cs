using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Images;
using MetadataExtractor;
using MetadataExtractor.Formats.Exif;
using Directories = System.Collections.Generic.IReadOnlyList<MetadataExtractor.Directory>;
using ExifReader = MetadataExtractor.ImageMetadataReader;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

/// <summary>EXIF by way of MetadataExtractor; what is out of range or unreadable is left out.</summary>
internal sealed class ImageMetadataReader : IImageMetadataReader
{
    private const string ExifTime = "yyyy:MM:dd HH:mm:ss";

    [SuppressMessage("Design", "CA1031", Justification = "Broken EXIF is common, and no reason to refuse a picture.")]
    public ImageMetadata Read(ReadOnlyMemory<byte> picture)
    {
        try
        {
            using var stream = MemoryMarshal.TryGetArray(picture, out var segment)
                ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
                : new MemoryStream(picture.ToArray(), writable: false);
            var directories = ExifReader.ReadMetadata(stream);
            var (latitude, longitude) = Position(directories);
            return new ImageMetadata(CapturedAt(directories), Camera(directories), latitude, longitude);
        }
        catch (Exception)
        {
            return ImageMetadata.None;
        }
    }

    private static DateTime? CapturedAt(Directories directories)
    {
        var text = Text<ExifSubIfdDirectory>(directories, ExifDirectoryBase.TagDateTimeOriginal);
        if (!DateTime.TryParseExact(
            text, ExifTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            return null;

        var offset = Offset(Text<ExifSubIfdDirectory>(directories, ExifDirectoryBase.TagTimeZoneOriginal));
        return time.Ticks > offset.Ticks && time.Ticks - offset.Ticks <= DateTime.MaxValue.Ticks ? time - offset : null;
    }

    /// <summary><c>+02:00</c>; zero where there is none.</summary>
    private static TimeSpan Offset(string? text) =>
        DateTimeOffset.TryParseExact(
            $"2000-01-01 {text}", "yyyy-MM-dd zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
            ? parsed.Offset
            : TimeSpan.Zero;

    /// <summary>Many makers repeat their name in the model's.</summary>
    private static string? Camera(Directories directories)
    {
        var make = Text<ExifIfd0Directory>(directories, ExifDirectoryBase.TagMake) ?? "";
        var model = Text<ExifIfd0Directory>(directories, ExifDirectoryBase.TagModel) ?? "";
        var camera = model.StartsWith(make, StringComparison.OrdinalIgnoreCase) ? model : $"{make} {model}".Trim();
        if (camera.Length > ImageMetadata.CameraMaxLength)
            camera = camera[..ImageMetadata.CameraMaxLength].TrimEnd();

        return camera.Length == 0 ? null : camera;
    }

    private static (double? Latitude, double? Longitude) Position(Directories directories)
    {
        var location = directories.OfType<GpsDirectory>().FirstOrDefault()?.GetGeoLocation();
        return location is not null && Math.Abs(location.Latitude) <= 90 && Math.Abs(location.Longitude) <= 180
            ? (location.Latitude, location.Longitude)
            : (null, null);
    }

    /// <summary>Printable text, trimmed; null when there is none.</summary>
    private static string? Text<TDirectory>(Directories directories, int tag)
        where TDirectory : MetadataExtractor.Directory
    {
        var text = directories.OfType<TDirectory>().Select(found => found.GetString(tag)).FirstOrDefault(found => found is not null);
        return text is null ? null : new string([.. text.Where(letter => !char.IsControl(letter))]).Trim();
    }
}
