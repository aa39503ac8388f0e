using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging;

public sealed class ChipSamplerTests
{
    // The slow reference: every sample from its four pixels, with a bounds check for each.
    [Test]
    public void Sample_AnyTransform_EqualsThePlainFormula()
    {
        using var image = Noise(40, 30);
        var random = new Random(2);
        for (var i = 0; i < 30; i++)
        {
            var transform = new SimilarityTransform(
                random.NextDouble() * 3, (random.NextDouble() * 2) - 1, random.Next(-20, 30), random.Next(-20, 20));
            var chip = new byte[16 * 16 * 3];
            ChipSampler.Sample(image, transform, chip, 16);
            for (var pixel = 0; pixel < chip.Length; pixel++)
                Assert.That(chip[pixel], Is.EqualTo(Expected(image, transform, pixel)).Within(1.001), $"{transform}, {pixel}");
        }
    }

    [Test]
    public void Sample_Identity_CopiesThePicture()
    {
        using var image = Noise(16, 16);
        var chip = new byte[16 * 16 * 3];

        ChipSampler.Sample(image, new SimilarityTransform(1, 0, 0, 0), chip, 16);

        Assert.That(chip, Is.EqualTo(image.Pixels.ToArray()));
    }

    private static double Expected(RgbImage image, SimilarityTransform transform, int pixel)
    {
        var (place, channel) = Math.DivRem(pixel, 3);
        var grid = Math.Max(1, (int)Math.Round(transform.Scale));
        var sum = 0.0;
        for (var row = 0; row < grid; row++)
        {
            for (var column = 0; column < grid; column++)
            {
                var (x, y) = transform.Apply(
                    (place % 16) + ((column + 0.5) / grid) - 0.5, (place / 16) + ((row + 0.5) / grid) - 0.5);
                for (var corner = 0; corner < 4; corner++)
                {
                    int left = (int)Math.Floor(x) + (corner % 2), top = (int)Math.Floor(y) + (corner / 2);
                    if (left >= 0 && top >= 0 && left < image.Width && top < image.Height)
                        sum += (1 - Math.Abs(x - left)) * (1 - Math.Abs(y - top)) * image.Pixels[(((top * image.Width) + left) * 3) + channel];
                }
            }
        }

        return sum / (grid * grid);
    }

    private static RgbImage Noise(int width, int height)
    {
        var image = new RgbImage(width, height);
        new Random(1).NextBytes(image.Pixels);
        return image;
    }
}
