namespace FaceSearch.Domain.Faces;

/// <summary>The supported picture formats, detected by content, never by file name.</summary>
public enum ImageFormat
{
    Jpeg = 1,
    Png = 2,
    Webp = 3,
    Gif = 4,
    Bmp = 5,
}
