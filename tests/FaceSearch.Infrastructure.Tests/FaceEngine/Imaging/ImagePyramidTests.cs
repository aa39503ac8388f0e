using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging;

public sealed class ImagePyramidTests
{
    private static readonly int[] Binomial = [1, 4, 6, 4, 1];

    [TestCase(9, 9)]
    [TestCase(10, 13)]
    [TestCase(64, 31)]
    public void Halve_Noise_EqualsThePlainConvolution(int width, int height)
    {
        using var picture = Noise(width, height);
        using var half = ImagePyramid.Halve(picture)!;

        Assert.That((half.Width, half.Height), Is.EqualTo(((width - 3) / 2, (height - 3) / 2)));
        for (var i = 0; i < half.Pixels.Length; i++)
        {
            var (x, y, channel) = (i / 3 % half.Width, i / 3 / half.Width, i % 3);
            var sum = 0;
            for (var dy = 0; dy < 5; dy++)
            {
                for (var dx = 0; dx < 5; dx++)
                    sum += Binomial[dx] * Binomial[dy] * picture.Pixels[((((2 * y) + dy) * width) + (2 * x) + dx) * 3 + channel];
            }

            Assert.That(half.Pixels[i], Is.EqualTo(sum / 256));
        }
    }

    [TestCase(8, 100)]
    [TestCase(100, 8)]
    public void Halve_TooSmall_IsNull(int width, int height)
    {
        using var picture = Noise(width, height);

        Assert.That(ImagePyramid.Halve(picture), Is.Null);
    }

    [Test]
    public void Double_Corners_StayCorners()
    {
        using var picture = Noise(20, 10);
        using var twice = ImagePyramid.Double(picture);

        Assert.That((twice.Width, twice.Height), Is.EqualTo((42, 21)));
        Assert.That(twice.Pixels[..3].ToArray(), Is.EqualTo(picture.Pixels[..3].ToArray()));
        Assert.That(twice.Pixels[^3..].ToArray(), Is.EqualTo(picture.Pixels[^3..].ToArray()).Within(1));
    }

    [Test]
    public void UpAndDown_APoint_IsWhereItWas()
    {
        var (x, y) = ImagePyramid.Up(13, 17);

        Assert.That(ImagePyramid.Down(x, y), Is.EqualTo((13.0, 17.0)));
    }

    private static RgbImage Noise(int width, int height)
    {
        var picture = new RgbImage(width, height);
        new Random(width + height).NextBytes(picture.Pixels);
        return picture;
    }
}
