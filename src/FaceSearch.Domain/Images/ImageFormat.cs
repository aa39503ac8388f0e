namespace FaceSearch.Domain.Images;

/// <summary>The picture formats that are read, told by content, never by file name.</summary>
public enum ImageFormat
{
    Jpeg = 1,
    Png = 2,
    Webp = 3,
    Gif = 4,
    Bmp = 5,
}
