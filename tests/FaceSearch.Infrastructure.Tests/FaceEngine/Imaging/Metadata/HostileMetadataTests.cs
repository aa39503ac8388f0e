using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using FaceSearch.Domain.Faces;
using FaceSearch.TestSupport;
using SkiaSharp;
using ImageMetadataReader = FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata.ImageMetadataReader;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Imaging.Metadata;

/// <summary>Metadata that is made to crash the reader or to fill the memory is ignored; the picture is read.</summary>
internal sealed class HostileMetadataTests
{
    /// <summary>The bytes that one reading may allocate: those of three short texts.</summary>
    private const long MaxAllocated = 16_384;

    private static readonly ImageMetadataReader Reader = new();

    private static readonly byte[] Jpeg = DrawnPicture.Quarters(SKEncodedImageFormat.Jpeg);
    private static readonly byte[] Png = DrawnPicture.Quarters(SKEncodedImageFormat.Png);
    private static readonly byte[] Webp = DrawnPicture.Quarters(SKEncodedImageFormat.Webp);

    private static readonly ExifEntries Exif = new ExifEntries()
        .Camera("Canon", "EOS").TakenAt("2021:07:04 15:30:00", "+02:00").Position("N", [48, 30, 0], "E", [2, 15, 0]);

    [Test, Category("Fault-A1")]
    public void Read_NestedXmp_IsPassedOver()
    {
        var xmp = NestedXmp(20_000);
        var jpeg = DrawnPicture.WithExif(Jpeg, Exif);
        foreach (var part in xmp.Chunk(60_000).Reverse())
            jpeg = DrawnPicture.WithSegment(jpeg, 0xE1, ExtendedXmp(part, xmp.Length));
        jpeg = DrawnPicture.WithSegment(jpeg, 0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. xmp[..60_000]]);
        var png = DrawnPicture.WithChunk(
            DrawnPicture.WithChunk(Png, "eXIf", Exif.ToTiff()), "iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. xmp]);
        var webp = DrawnPicture.WithWebpChunk(DrawnPicture.WithWebpChunk(Webp, "XMP ", xmp), "EXIF", Exif.ToTiff());

        Assert.That(ReadBounded(jpeg).Camera, Is.EqualTo("Canon EOS"));
        Assert.That(ReadBounded(png).Camera, Is.EqualTo("Canon EOS"));
        Assert.That(ReadBounded(webp).Camera, Is.EqualTo("Canon EOS"));
    }

    [TestCase("zTXt", "Comment", new byte[] { 0, 0 })]
    [TestCase("iTXt", "Comment", new byte[] { 0, 1, 0, 0, 0 })]
    [TestCase("iTXt", "XML:com.adobe.xmp", new byte[] { 0, 1, 0, 0, 0 })]
    [TestCase("iCCP", "profile", new byte[] { 0, 0 })]
    [Category("Fault-A2")]
    public void Read_ChunkThatInflates_IsNotInflated(string type, string keyword, byte[] header)
    {
        byte[] bomb = [.. Encoding.Latin1.GetBytes(keyword), .. header, .. Deflated(100)];
        var picture = DrawnPicture.WithChunk(DrawnPicture.WithChunk(Png, "eXIf", Exif.ToTiff()), type, bomb);
        Assert.That(picture, Has.Length.LessThan(200_000));

        Assert.That(ReadBounded(picture).Camera, Is.EqualTo("Canon EOS"));
    }

    [Test, Category("Fault-A1")]
    public void Read_DirectoriesInACircle_Ends()
    {
        const int MainDirectory = 8;
        var tiff = Exif.ToTiff();
        foreach (var tag in new ushort[] { 0x8769, 0x8825 })
            Patch(tiff, tag, valueOrOffset: MainDirectory);

        // The main directory's successor is itself.
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(MainDirectory));
        BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(MainDirectory + 2 + (entries * 12)), MainDirectory);

        Assert.That(ReadBounded(WithTiff(tiff)), Is.EqualTo(new ImageMetadata(null, "Canon EOS", null, null)));
    }

    [TestCase(0x010F)]
    [TestCase(0x8769)]
    [TestCase(0x8825)]
    [TestCase(0x9003)]
    [TestCase(0x0002)]
    [Category("Fault-A1")]
    public void Read_CountOrOffsetOutOfRange_IsLeftOut(int tag)
    {
        foreach (var count in new uint[] { 0, 1, 1000, 0x2000_0000, 0x8000_0001, uint.MaxValue })
        {
            foreach (var offset in new uint[] { 0, 1, 7, 250, 0x7FFF_FFFF, 0x8000_0000, uint.MaxValue - 1, uint.MaxValue })
            {
                var tiff = Exif.ToTiff();
                Patch(tiff, (ushort)tag, offset, count);
                ReadBounded(WithTiff(tiff));
            }
        }
    }

    [Test, Category("Fault-A1")]
    public void Read_DirectoryOfAsManyEntriesAsThereCanBe_IsBounded()
    {
        var tiff = new byte[8 + 2 + (ushort.MaxValue * 12)];
        "II*\0"u8.CopyTo(tiff);
        tiff[4] = 8;
        tiff.AsSpan(8).Fill(0xFF);

        Assert.That(ReadBounded(DrawnPicture.WithChunk(Png, "eXIf", tiff)), Is.EqualTo(ImageMetadata.None));
        Assert.That(ReadBounded(DrawnPicture.WithChunk(Png, "eXIf", tiff[..^5])), Is.EqualTo(ImageMetadata.None));
    }

    [Test, Category("Fault-A1")]
    public void Read_TextOfMegabytes_IsCut()
    {
        var picture = DrawnPicture.WithChunk(Png, "eXIf", new ExifEntries().Camera("M", new string('x', 5_000_000)).ToTiff());

        Assert.That(ReadBounded(picture).Camera, Has.Length.EqualTo(ImageMetadata.CameraMaxLength));
    }

    [Test, Category("Fault-A1")]
    public void Read_CutAtAnyByteOrChanged_NeverThrows()
    {
        var tiff = Exif.ToTiff();
        var random = new Random(1);
        foreach (var picture in new[]
        {
            WithTiff(tiff),
            DrawnPicture.WithChunk(Png, "eXIf", tiff),
            DrawnPicture.WithWebpChunk(Webp, "EXIF", tiff),
        })
        {
            Assert.That(ReadBounded(picture).Camera, Is.EqualTo("Canon EOS"));
            for (var length = 0; length < picture.Length; length++)
            {
                ReadBounded(picture[..length]);
                var changed = picture.ToArray();
                for (var bytes = 0; bytes < 4; bytes++)
                    changed[random.Next(changed.Length)] = (byte)random.Next(256);
                ReadBounded(changed);
            }
        }
    }

    /// <summary>Reads twice: the same both times, without an exception, in little memory.</summary>
    private static ImageMetadata ReadBounded(byte[] picture)
    {
        var first = Reader.Read(picture);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = Reader.Read(picture);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated, Is.LessThan(MaxAllocated));
        Assert.That(second, Is.EqualTo(first));
        return second;
    }

    private static byte[] WithTiff(byte[] tiff) => DrawnPicture.WithSegment(Jpeg, 0xE1, [.. "Exif\0\0"u8, .. tiff]);

    /// <summary>Changes the entry of a tag, in whatever directory it is.</summary>
    private static void Patch(byte[] tiff, ushort tag, uint valueOrOffset, uint? count = null)
    {
        for (var at = 8; at < tiff.Length - 12; at++)
        {
            var entry = tiff.AsSpan(at);
            if (BinaryPrimitives.ReadUInt16LittleEndian(entry) != tag || entry[2] is not (2 or 4 or 5) || entry[3] != 0)
                continue;

            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], valueOrOffset);
            if (count is { } values)
                BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], values);
            return;
        }

        Assert.Fail($"There is no tag {tag:X4}.");
    }

    private static byte[] NestedXmp(int levels)
    {
        var text = new StringBuilder("""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:n="urn:n">""");
        text.Insert(text.Length, """<n:a rdf:parseType="Resource">""", levels).Insert(text.Length, "</n:a>", levels);
        return Encoding.UTF8.GetBytes(text.Append("</rdf:Description></rdf:RDF></x:xmpmeta>").ToString());
    }

    /// <summary>XMP specification, part 3, 1.1.3.1: GUID, whole length, offset, a part.</summary>
    private static byte[] ExtendedXmp(byte[] part, int wholeLength)
    {
        var lengths = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(lengths, wholeLength);
        return [.. "http://ns.adobe.com/xmp/extension/\0"u8, .. "0123456789ABCDEF0123456789ABCDEF"u8, .. lengths, .. part];
    }

    private static byte[] Deflated(int megabytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var megabyte = new byte[1_000_000];
            Array.Fill(megabyte, (byte)'A');
            for (var i = 0; i < megabytes; i++)
                zlib.Write(megabyte);
        }

        return packed.ToArray();
    }
}
