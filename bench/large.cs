// Writes eight pictures of 12 to 39 megapixels, each of a drawn person, into a folder: dotnet run bench/large.cs -- FOLDER
#:project ../tests/FaceSearch.TestSupport/FaceSearch.TestSupport.csproj
using FaceSearch.TestSupport;
using SkiaSharp;

int[] sides = [3470, 3900, 4300, 4700, 5100, 5500, 5900, 6240];
var folder = Directory.CreateDirectory(args[0]).FullName;
foreach (var (side, i) in sides.Select((side, i) => (side, i)))
{
    var jpeg = new DrawnPerson(i).Picture(0.2, side);
    var (bytes, ending) = (i % 4) switch
    {
        1 => (Encode(jpeg, SKEncodedImageFormat.Png), "png"),
        3 => (Encode(jpeg, SKEncodedImageFormat.Webp), "webp"),
        _ => (jpeg, "jpg"),
    };
    File.WriteAllBytes(Path.Combine(folder, $"{side}.{ending}"), bytes);
}

static byte[] Encode(byte[] jpeg, SKEncodedImageFormat format)
{
    using var bitmap = SKBitmap.Decode(jpeg);
    using var pixels = bitmap.PeekPixels();
    using var data = format == SKEncodedImageFormat.Webp
        ? pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 0))
        : pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6));
    return data!.ToArray();
}
