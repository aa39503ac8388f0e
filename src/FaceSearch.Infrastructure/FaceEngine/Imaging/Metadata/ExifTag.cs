namespace FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;

/// <summary>The tags that are read, EXIF 2.32, sections 4.6.4 to 4.6.6.</summary>
internal enum ExifTag : ushort
{
    GpsLatitudeRef = 0x0001,
    GpsLatitude = 0x0002,
    GpsLongitudeRef = 0x0003,
    GpsLongitude = 0x0004,
    Make = 0x010F,
    Model = 0x0110,
    Orientation = 0x0112,
    ExifDirectory = 0x8769,
    GpsDirectory = 0x8825,
    DateTimeOriginal = 0x9003,
    OffsetTimeOriginal = 0x9011,
}
