using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Infrastructure.FaceEngine.Quality;

/// <summary>The square of a chip that the face fills, from above the brows to below the mouth, in pixels of the chip.</summary>
internal readonly record struct ChipRegion(double X, double Y, double Side);

/// <summary>
/// Sharpness and brightness of a face, measured on its aligned chip at one scale (the eyes 35 pixels apart), so that
/// the same thresholds apply to all profiles. Allocates its answer only.
/// </summary>
/// <remarks>
/// Sharpness is the variance of the Laplacian (Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy",
/// ICPR 2000) with the kernel 0 1 0 / 1 -4 1 / 0 1 0, over ITU-R BT.601 luminance, 0 to 255. A face that fills few
/// pixels has been enlarged for its chip and is as blurred to the network as one out of focus: both measure low.
/// </remarks>
internal static class FaceQualityMeter
{
    private const int Side = 64;

    public static FaceQuality Measure(FaceChip chip, in ChipRegion region, in HeadPose pose)
    {
        Span<float> luminance = stackalloc float[Side * Side];
        Sample(chip, region, luminance);
        return new FaceQuality(Sharpness(luminance), Brightness(luminance), pose.Yaw, pose.Pitch, pose.Roll);
    }

    private static float Brightness(ReadOnlySpan<float> luminance)
    {
        var sum = 0.0;
        foreach (var value in luminance)
            sum += value;

        return (float)(sum / luminance.Length);
    }

    private static float Sharpness(ReadOnlySpan<float> luminance)
    {
        double sum = 0, squares = 0;
        for (var y = 1; y < Side - 1; y++)
        {
            for (var at = (y * Side) + 1; at < ((y + 1) * Side) - 1; at++)
            {
                double edge = luminance[at - Side] + luminance[at - 1] - (4 * luminance[at])
                    + luminance[at + 1] + luminance[at + Side];
                sum += edge;
                squares += edge * edge;
            }
        }

        const int count = (Side - 2) * (Side - 2);
        var mean = sum / count;
        return (float)((squares / count) - (mean * mean));
    }

    /// <summary>Bilinear, pixel centres on half coordinates. A row of the chip is turned into luminance once.</summary>
    private static void Sample(FaceChip chip, in ChipRegion region, Span<float> luminance)
    {
        Span<(int Low, float Weight)> columns = stackalloc (int, float)[Side];
        Span<float> upper = stackalloc float[Side], lower = stackalloc float[Side];
        var step = region.Side / Side;
        for (var x = 0; x < Side; x++)
            columns[x] = Split(region.X + ((x + 0.5) * step) - 0.5, chip.Size);

        var held = -2;
        for (var y = 0; y < Side; y++)
        {
            var (top, below) = Split(region.Y + ((y + 0.5) * step) - 0.5, chip.Size);
            if (top == held + 1)
                lower.CopyTo(upper);
            else
                SampleRow(chip, top, columns, upper);

            SampleRow(chip, top + 1, columns, lower);
            held = top;
            for (var x = 0; x < Side; x++)
                luminance[(y * Side) + x] = Mix(upper[x], lower[x], below);
        }
    }

    private static void SampleRow(
        FaceChip chip, int row, ReadOnlySpan<(int Low, float Weight)> columns, Span<float> luminance)
    {
        var pixels = chip.Rgb.AsSpan(row * chip.Size * 3, chip.Size * 3);
        for (var x = 0; x < luminance.Length; x++)
        {
            var (low, weight) = columns[x];
            var pair = pixels.Slice(low * 3, 6);
            luminance[x] = Mix(Luminance(pair[0], pair[1], pair[2]), Luminance(pair[3], pair[4], pair[5]), weight);
        }
    }

    private static (int Low, float Weight) Split(double position, int size)
    {
        var low = Math.Clamp((int)position, 0, size - 2);
        return (low, (float)(position - low));
    }

    private static float Luminance(byte red, byte green, byte blue) =>
        (0.299f * red) + (0.587f * green) + (0.114f * blue);

    private static float Mix(float low, float high, float weight) => low + ((high - low) * weight);
}
