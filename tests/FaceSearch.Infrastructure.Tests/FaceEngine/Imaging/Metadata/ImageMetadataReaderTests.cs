using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;
using SkiaSharp;
using ImageMetadataReader = FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata.ImageMetadataReader;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging.Metadata;

public sealed class ImageMetadataReaderTests
{
    private static readonly byte[] Jpeg = DrawnPicture.Quarters(SKEncodedImageFormat.Jpeg);

    [TestCase("2021:07:04 15:30:00", null, "2021-07-04T15:30:00Z")]
    [TestCase("2021:07:04 15:30:00", "+02:00", "2021-07-04T13:30:00Z")]
    [TestCase("2021:07:04 15:30:00", "-05:30", "2021-07-04T21:00:00Z")]
    [TestCase("2021:07:04 15:30:00", "nonsense", "2021-07-04T15:30:00Z")]
    [TestCase("0001:01:01 00:00:00", "+02:00", null)]
    [TestCase("2021:13:45 99:99:99", null, null)]
    [TestCase("    :  :     :  :  ", null, null)]
    public void Read_Time_IsUtc(string time, string? offset, string? expected)
    {
        var captured = Read(new ExifEntries().TakenAt(time, offset)).CapturedAt;

        Assert.That(captured?.ToString("yyyy-MM-ddTHH:mm:ssK", System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(expected));
    }

    [TestCase("Canon", "Canon EOS R5", "Canon EOS R5")]
    [TestCase(" Apple ", "iPhone 15 ", "Apple iPhone 15")]
    [TestCase("", "X100", "X100")]
    [TestCase("Nikon", "", "Nikon")]
    [TestCase("", "", null)]
    public void Read_Camera_NamesTheMakerOnce(string make, string model, string? expected) =>
        Assert.That(Read(new ExifEntries().Camera(make, model)).Camera, Is.EqualTo(expected));

    [Test]
    public void Read_LongCamera_IsCut() => Assert.That(
        Read(new ExifEntries().Camera("M", new string('x', 1000))).Camera, Has.Length.EqualTo(ImageMetadata.CameraMaxLength));

    [TestCase("N", "E", 48.5, 2.25)]
    [TestCase("S", "W", -48.5, -2.25)]
    public void Read_Position_HasSigns(string latitudeSide, string longitudeSide, double latitude, double longitude)
    {
        var metadata = Read(new ExifEntries().Position(latitudeSide, [48, 30, 0], longitudeSide, [2, 15, 0]));

        Assert.That((metadata.Latitude, metadata.Longitude), Is.EqualTo((latitude, longitude)));
    }

    [Test]
    public void Read_PositionOutOfRange_IsLeftOut()
    {
        var metadata = Read(new ExifEntries().Position("N", [95, 0, 0], "E", [2, 0, 0]));

        Assert.That((metadata.Latitude, metadata.Longitude), Is.EqualTo(((double?)null, (double?)null)));
    }

    [Test]
    public void Read_PositionWithoutItsSides_IsLeftOut()
    {
        var metadata = Read(new ExifEntries().Position("", [48, 30, 0], "E", [2, 15, 0]));

        Assert.That((metadata.Latitude, metadata.Longitude), Is.EqualTo(((double?)null, (double?)null)));
    }

    [Test]
    public void Read_PngAndWebp_AsJpeg()
    {
        var exif = new ExifEntries()
            .Camera("Canon", "EOS").TakenAt("2021:07:04 15:30:00").Position("N", [48, 30, 0], "E", [2, 15, 0]);
        var (png, webp) = (DrawnPicture.Quarters(SKEncodedImageFormat.Png), DrawnPicture.Quarters(SKEncodedImageFormat.Webp));
        byte[] prefixed = [.. "Exif\0\0"u8, .. exif.ToTiff()];

        byte[][] pictures =
        [
            DrawnPicture.WithChunk(png, "eXIf", exif.ToTiff()),
            DrawnPicture.WithChunk(png, "eXIf", prefixed),
            DrawnPicture.WithWebpChunk(webp, "EXIF", exif.ToTiff()),
            DrawnPicture.WithWebpChunk(DrawnPicture.WithWebpChunk(webp, "ODD ", [1]), "EXIF", prefixed),
        ];

        Assert.That(Read(exif).Camera, Is.EqualTo("Canon EOS"));
        Assert.That(pictures.Select(picture => Reader.Read(picture)), Is.All.EqualTo(Read(exif)));
    }

    [Test]
    public void Read_BigEndianAndLatin1_IsRead()
    {
        byte[] tiff =
        [
            .. "MM\0*"u8, 0, 0, 0, 8, 0, 1,
            0x01, 0x0F, 0, 2, 0, 0, 0, 3, (byte)'M', 0xFC, 0, 0,
            0, 0, 0, 0,
        ];

        var picture = DrawnPicture.WithSegment(Jpeg, 0xE1, [.. "Exif\0\0"u8, .. tiff]);

        Assert.That(Reader.Read(picture).Camera, Is.EqualTo("Mü"));
    }

    [Test]
    public void Read_NoExif_IsNone() => Assert.That(Reader.Read(Jpeg), Is.EqualTo(ImageMetadata.None));

    [Test]
    public void Read_ExifCutOrGarbledAnywhere_NeverThrows()
    {
        var picture = DrawnPicture.WithExif(Jpeg, new ExifEntries()
            .Camera("Canon", "EOS").TakenAt("2021:07:04 15:30:00").Position("N", [48, 30, 0], "E", [2, 15, 0]));
        var random = new Random(1);
        for (var length = 0; length < 400; length++)
        {
            var garbled = picture.ToArray();
            garbled[random.Next(20, 300)] = (byte)random.Next(256);
            Assert.That(() => Reader.Read(picture.AsMemory(0, length)), Throws.Nothing);
            Assert.That(() => Reader.Read(garbled), Throws.Nothing);
        }
    }

    [Test]
    public void Read_RealPhotographWithPosition_FindsIt()
    {
        var metadata = Reader.Read(File.ReadAllBytes(SharedData.Face("noface/exifsamples_gps_DSCN0012.jpg")));

        Assert.Multiple(() =>
        {
            Assert.That(metadata.Camera, Is.EqualTo("NIKON COOLPIX P6000"));
            Assert.That(metadata.Latitude, Is.EqualTo(43.47).Within(0.01));
            Assert.That(metadata.Longitude, Is.EqualTo(11.88).Within(0.01));
            Assert.That(metadata.CapturedAt?.Year, Is.EqualTo(2008));
        });
    }

    private static readonly ImageMetadataReader Reader = new();

    private static ImageMetadata Read(ExifEntries exif) => Reader.Read(DrawnPicture.WithExif(Jpeg, exif));
}
