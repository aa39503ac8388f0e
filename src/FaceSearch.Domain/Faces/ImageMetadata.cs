namespace FaceSearch.Domain.Faces;

/// <summary>A picture's EXIF metadata; every value may be missing.</summary>
/// <param name="CapturedAt">
/// UTC. EXIF gives local time; where it gives no offset, the local time is taken as UTC.
/// </param>
/// <param name="Camera">Maker and model.</param>
/// <param name="Latitude">Degrees, north positive, -90 to 90.</param>
/// <param name="Longitude">Degrees, east positive, -180 to 180.</param>
public sealed record ImageMetadata(DateTime? CapturedAt, string? Camera, double? Latitude, double? Longitude)
{
    public const int CameraMaxLength = 128;

    public static readonly ImageMetadata None = new(null, null, null, null);
}
