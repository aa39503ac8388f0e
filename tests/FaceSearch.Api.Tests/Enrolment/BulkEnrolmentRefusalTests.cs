using System.Net;
using System.Text;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.TestSupport;
using static FaceSearch.TestSupport.Archives;

namespace FaceSearch.Api.Tests.Enrolment;

/// <summary>Archives that are refused, and entries that fail alone.</summary>
internal sealed class BulkEnrolmentRefusalTests : BulkEnrolmentFixture
{
    [Test]
    public async Task Bulk_NotAZip_Is415() =>
        await AssertProblemAsync(Encoding.UTF8.GetBytes("no zip"), HttpStatusCode.UnsupportedMediaType, "not-an-archive");

    [Test]
    public async Task Bulk_Empty_Is415() =>
        await AssertProblemAsync([], HttpStatusCode.UnsupportedMediaType, "not-an-archive");

    [Test]
    public async Task Bulk_CutOffZip_Is415() =>
        await AssertProblemAsync(
            Zip(("one.png", StandInEncoders.Picture(1f)))[..^20], HttpStatusCode.UnsupportedMediaType, "not-an-archive");

    [Test]
    public async Task Bulk_Encrypted_Is422() =>
        await AssertProblemAsync(
            Encrypted(Zip(("one.png", StandInEncoders.Picture(1f)))),
            HttpStatusCode.UnprocessableEntity,
            "encrypted-archive");

    [Test]
    public async Task Bulk_RatioBomb_Is413() =>
        await AssertProblemAsync(
            Zip(("bomb.bmp", new byte[20_000_000])), HttpStatusCode.RequestEntityTooLarge, "archive-too-large");

    [Test]
    public async Task Bulk_TooManyEntries_Is413()
    {
        Server.Settings["Enrolment:MaxArchiveEntries"] = "2";

        await AssertProblemAsync(
            Zip(("1.png", []), ("2.png", []), ("3.png", [])), HttpStatusCode.RequestEntityTooLarge, "too-many-entries");
    }

    /// <summary>The records are counted before they are parsed.</summary>
    [Test, Category("Fault-A9")]
    public async Task Bulk_MoreEntriesThanItStates_Is413()
    {
        Server.Settings["Enrolment:MaxArchiveEntries"] = "2";

        await AssertProblemAsync(
            WithStatedEntries(Zip(("1.png", []), ("2.png", []), ("3.png", [])), 2),
            HttpStatusCode.RequestEntityTooLarge, "too-many-entries");
    }

    [TestCase(false), TestCase(true), Category("Fault-A9")]
    public async Task Bulk_StatesTooManyEntries_Is413(bool isZip64)
    {
        Server.Settings["Enrolment:MaxArchiveEntries"] = "2";
        var zip = Zip(("1.png", []));

        await AssertProblemAsync(
            isZip64 ? WithZip64Entries(zip, 5_000_000_000) : WithStatedEntries(zip, 3),
            HttpStatusCode.RequestEntityTooLarge, "too-many-entries");
    }

    [Test, Category("Fault-A9")]
    public async Task Bulk_LongNames_Are413()
    {
        Server.Settings["Enrolment:MaxArchiveEntries"] = "100";
        var names = Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 65_000));

        await AssertProblemAsync(
            Zip([.. names.Select(name => (name, Array.Empty<byte>()))]), HttpStatusCode.RequestEntityTooLarge, "too-many-entries");
    }

    [Test]
    public async Task Bulk_LargerThanAllowed_Is413()
    {
        Server.Settings["Enrolment:MaxArchiveBytes"] = "2000";

        await AssertProblemAsync(new byte[2001], HttpStatusCode.RequestEntityTooLarge, "file-too-large");
    }

    [Test]
    public async Task Bulk_OversizedEntry_FailsAlone()
    {
        Server.Settings["Enrolment:MaxPictureBytes"] = "2000";

        var (_, json) = await PostAsync(Zip(
            ("big.png", [.. StandInEncoders.Picture(1f), .. Random.Shared.GetItems<byte>([1, 2, 3, 4, 5, 6, 7, 8], 5000)]),
            ("small.png", StandInEncoders.Picture(2f))));

        Assert.That(Failures(json), Is.EqualTo(new[] { "big.png: picture-too-large" }));
        Assert.That(Counts(json), Is.EqualTo((1, 0, 1, 0)));
    }

    // The stand-in's pictures have 640 x 480 pixels each.
    [Test, Category("Fault-A10")]
    public async Task Bulk_MorePixelsThanAnArchiveMayHave_TheRestFails()
    {
        Server.Settings["Enrolment:MaxArchivePixels"] = $"{1_000_000}";

        var (_, json) = await PostAsync(Zip([.. Enumerable.Range(1, 5).Select(i => ($"{i}.png", StandInEncoders.Picture(i)))]));

        Assert.That(Failures(json), Is.EqualTo(new[] { "4.png: too-many-pixels-of-archive", "5.png: too-many-pixels-of-archive" }));
        Assert.That(Counts(json), Is.EqualTo((3, 0, 2, 0)));
    }

    [Test, Category("Fault-A10")]
    public async Task Bulk_PictureThatTakesMoreThanAllTheMemory_FailsAlone()
    {
        Server.Encoders.Refuse = (cost, wait) =>
            cost.Bytes > 0 ? new Error(ErrorKind.TooLarge, "too-many-pixels", "Too large.")
            : wait == PictureWait.Job ? null
            : CommonErrors.Busy;

        var (_, json) = await PostAsync(Zip(("huge.png", StandInEncoders.Picture("bytes=1", 1f)), ("small.png", StandInEncoders.Picture(2f))));

        Assert.That(Failures(json), Is.EqualTo(new[] { "huge.png: too-many-pixels" }));
        Assert.That(Counts(json), Is.EqualTo((1, 0, 1, 0)));
    }

    [Test]
    public async Task Bulk_EntryWithBrokenData_FailsAlone()
    {
        var zip = Zip(("broken.png", StandInEncoders.Picture(1f)), ("whole.png", StandInEncoders.Picture(2f)));
        var firstData = 30 + "broken.png".Length;
        zip.AsSpan(firstData, 4).Fill(0xFF);

        var (_, json) = await PostAsync(zip);

        Assert.That(Failures(json), Is.EqualTo(new[] { "broken.png: damaged-entry" }));
        Assert.That(Counts(json), Is.EqualTo((1, 0, 1, 0)));
    }

    [Test]
    public async Task Bulk_OneEncryptedEntry_FailsAlone()
    {
        var zip = Encrypted(Zip(("secret.png", StandInEncoders.Picture(1f)), ("open.png", StandInEncoders.Picture(2f))));

        var (_, json) = await PostAsync(zip);

        Assert.That(Failures(json), Is.EqualTo(new[] { "secret.png: encrypted-entry" }));
        Assert.That(Counts(json), Is.EqualTo((1, 0, 1, 0)));
    }

    /// <summary>One throws when it is detected, one among others of its group when it is embedded.</summary>
    [Test, Category("Fault-A5")]
    public async Task Bulk_PicturesThatMakeTheEngineThrow_FailAlone()
    {
        Server.Encoders.BeforeDetect = face => ThrowAt(3f, face);
        Server.Encoders.BeforeEmbed = face => ThrowAt(5f, face);

        var (_, json) = await PostAsync(Zip([.. Enumerable.Range(1, 8).Select(i => ($"{i}.png", StandInEncoders.Picture(i)))]));

        Assert.That(Failures(json), Is.EqualTo(new[] { "3.png: engine-error", "5.png: engine-error" }));
        Assert.That(Counts(json), Is.EqualTo((6, 0, 2, 0)));

        static void ThrowAt(float broken, float face)
        {
            if (face == broken)
                throw new InvalidOperationException("The engine can't compute this picture.");
        }
    }

    /// <summary>The directory states more than 4 GB in a Zip64 field for a small entry.</summary>
    [Test]
    public async Task Bulk_EntryOf5Gigabytes_IsRefusedWithoutUnpackingIt()
    {
        await AssertProblemAsync(
            WithClaimedLength(Zip(("huge.bmp", new byte[1000])), 5_000_000_000), HttpStatusCode.RequestEntityTooLarge, "archive-too-large");
    }

    /// <summary>Every damage of an archive is an outcome or a refusal, never a server error.</summary>
    [Test]
    public async Task Bulk_ArchivesBrokenAnywhere_AreRefusedOrFailItemByItem()
    {
        var random = new Random(20261122);
        var whole = Zip([.. Enumerable.Range(0, 5).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]);
        for (var round = 0; round < 150; round++)
        {
            var broken = whole.ToArray();
            for (var i = random.Next(1, 5); i > 0; i--)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);

            var (status, json) = await PostAsync(broken[..(random.Next(4) == 0 ? random.Next(broken.Length) : broken.Length)]);

            Assert.That((int)status, Is.LessThan(500), () => $"round {round}: {json}");
        }
    }

    private async Task AssertProblemAsync(byte[] upload, HttpStatusCode status, string code)
    {
        var (actual, json) = await PostAsync(upload);

        Assert.That(actual, Is.EqualTo(status));
        Assert.That(json.GetProperty("type").GetString(), Is.EqualTo("urn:facesearch:problem:" + code));
        Assert.That(Directory.EnumerateFileSystemEntries(Server.UploadFolder), Is.Empty);
    }

    private static byte[] WithStatedEntries(byte[] zip, ushort count)
    {
        var end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(end + 8), count);
        BitConverter.TryWriteBytes(zip.AsSpan(end + 10), count);
        return zip;
    }

    /// <summary>Adds an end record of Zip64 that states the number of entries.</summary>
    private static byte[] WithZip64Entries(byte[] zip, long count)
    {
        var end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        var (size, start) = (BitConverter.ToUInt32(zip, end + 12), BitConverter.ToUInt32(zip, end + 16));
        byte[] large =
        [
            .. "PK\u0006\u0006"u8, .. BitConverter.GetBytes(44L), 45, 0, 45, 0, .. new byte[8], .. BitConverter.GetBytes(count),
            .. BitConverter.GetBytes(count), .. BitConverter.GetBytes((long)size), .. BitConverter.GetBytes((long)start),
        ];
        byte[] locator = [.. "PK\u0006\u0007"u8, .. new byte[4], .. BitConverter.GetBytes((long)end), 1, 0, 0, 0];
        return [.. zip[..end], .. large, .. locator, .. WithStatedEntries(zip[end..], ushort.MaxValue)];
    }

    /// <summary>Rewrites the only entry's directory record to carry the length in a Zip64 extra field.</summary>
    private static byte[] WithClaimedLength(byte[] zip, long length)
    {
        var record = zip.AsSpan().IndexOf("PK\u0001\u0002"u8);
        var end = zip.AsSpan().IndexOf("PK\u0005\u0006"u8);
        byte[] extra = [1, 0, 8, 0, .. BitConverter.GetBytes(length)];
        byte[] result = [.. zip[..end], .. extra, .. zip[end..]];
        BitConverter.TryWriteBytes(result.AsSpan(record + 24), uint.MaxValue);
        BitConverter.TryWriteBytes(result.AsSpan(record + 30), (ushort)extra.Length);
        var directorySize = BitConverter.ToInt32(zip, end + 12) + extra.Length;
        BitConverter.TryWriteBytes(result.AsSpan(end + extra.Length + 12), directorySize);
        return result;
    }
}
