using FaceSearch.Infrastructure.FaceEngine.Imaging;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging;

public sealed class ImageScalerTests
{
    [TestCase(1, 1, 300, 200)]
    [TestCase(300, 200, 1, 1)]
    [TestCase(97, 31, 33, 47)]
    [TestCase(640, 3, 320, 2)]
    public void Scale_OneColour_KeepsIt(int width, int height, int newWidth, int newHeight)
    {
        using var image = new RgbImage(width, height);
        image.Pixels.Fill(77);

        using var scaled = ImageScaler.Scale(image, newWidth, newHeight);

        Assert.That((scaled.Width, scaled.Height), Is.EqualTo((newWidth, newHeight)));
        Assert.That(scaled.Pixels.ToArray(), Is.All.EqualTo(77));
    }

    // A ramp is linear, so averaging and interpolating must both give the value at the pixel's centre.
    [TestCase(200)]
    [TestCase(130)]
    [TestCase(64)]
    [TestCase(37)]
    public void Scale_Ramp_StaysInPlace(int newWidth)
    {
        using var image = new RgbImage(240, 16);
        for (var i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)(i / 3 % 240);

        using var scaled = ImageScaler.Scale(image, newWidth, 16);

        for (var x = 2; x < newWidth - 2; x++)
            Assert.That(scaled.Pixels[x * 3], Is.EqualTo(((x + 0.5) * 240 / newWidth) - 0.5).Within(1.01));
    }

    // Black and white stripes of one pixel average to grey; sampling would give black or white.
    [Test]
    public void Scale_FineStripes_TurnGrey()
    {
        using var image = new RgbImage(256, 256);
        for (var i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)(i / 3 % 2 * 255);

        using var scaled = ImageScaler.Scale(image, 32, 32);

        Assert.That(scaled.Pixels.ToArray(), Is.All.EqualTo(127).Within(2));
    }
}
