using System.Globalization;
using System.Text;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.DlibBenchmarks;

/// <summary>Pictures in the format that both sides read.</summary>
internal static class Pictures
{
    private const int ChipSize = 150;

    public static string Decode(string folder, string[] pictures)
    {
        var decoder = new ImageDecoder(100_000_000);
        foreach (var path in pictures)
        {
            using var picture = decoder.Decode(File.ReadAllBytes(path)).Value.Image;
            var header = Encoding.ASCII.GetBytes($"P6\n{picture.Width} {picture.Height}\n255\n");
            File.WriteAllBytes(
                Path.Combine(folder, Path.GetFileNameWithoutExtension(path) + ".ppm"), [.. header, .. picture.Pixels]);
        }

        return $"{pictures.Length} decoded";
    }

    public static RgbImage ReadPpm(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var header = Encoding.ASCII.GetString(bytes, 0, Math.Min(bytes.Length, 40)).Split('\n');
        var size = header[1].Split(' ').Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var picture = new RgbImage(size[0], size[1]);
        bytes.AsSpan(bytes.Length - picture.Pixels.Length).CopyTo(picture.Pixels);
        return picture;
    }

    public static FaceChip[] ReadChips(string path) =>
        [.. File.ReadAllBytes(path).Chunk(ChipSize * ChipSize * 3).Select(rgb => new FaceChip(ChipSize, rgb))];
}
