using System.Globalization;
using FaceSearch.Application.Results;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging;

internal static class PictureErrors
{
    public static Error Empty { get; } =
        new(ErrorKind.Invalid, "empty-picture", "The picture is empty: send the bytes of a picture.");

    public static Error NotAPicture { get; } = new(
        ErrorKind.UnsupportedMedia, "not-a-picture", "This is not a supported picture: send JPEG, PNG, WebP, GIF or BMP.");

    /// <param name="name">What it is, with its article.</param>
    public static Error Unsupported(string name) => new(
        ErrorKind.UnsupportedMedia, "not-a-picture", $"This is {name}, which can't be read: send JPEG, PNG, WebP, GIF or BMP.");

    public static Error Damaged { get; } = new(
        ErrorKind.UnsupportedMedia, "damaged-picture", "The picture is damaged or incomplete: send the complete file.");

    public static Error TooManyPixels(int width, int height, long maxPixels) => TooManyPixels(string.Create(
        CultureInfo.InvariantCulture,
        $"The picture is {width}x{height}; at most {maxPixels} pixels are read, {ImageDecoder.MaxSide} a side: make it smaller."));

    /// <param name="needed">Bytes.</param>
    /// <param name="available">Bytes.</param>
    public static Error TooMuchMemory(long needed, long available) => TooManyPixels(string.Create(
        CultureInfo.InvariantCulture,
        $"The picture would take {needed >> 20} MB of memory; the server has {available >> 20} MB for pictures: make it smaller."));

    private static Error TooManyPixels(string message) => new(ErrorKind.TooLarge, "too-many-pixels", message);
}
