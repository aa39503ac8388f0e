using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Texts;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Enrolment;

/// <summary>Names in archives that are not UTF-8. A name that can't be decoded names no person.</summary>
[Category("Fault-F2")]
internal sealed class ArchiveNameTests : BulkEnrolmentFixture
{
    [TestCase("shift_jis", "田中")]
    [TestCase("gbk", "王秀英")]
    [TestCase("cp866", "Иван Петров")]
    [TestCase("windows-1252", "José Müller")]
    public async Task Bulk_NameEncodingOfTheUpload_DecodesTheNames(string encoding, string person)
    {
        var name = TextEncodings.Find(encoding)!.GetBytes(person);

        await PostAsync(Archives.ZipWithRawNames(([.. name, .. "/one.png"u8], StandInEncoders.Picture(1f))), $"?nameEncoding={encoding}");

        Assert.That(await FindPersonAsync(1f), Is.EqualTo(person));
    }

    [Test]
    public async Task Bulk_NameEncoding_LeavesNamesThatAreMarkedAsUtf8()
    {
        await PostAsync(Archives.Zip(("王秀英/one.png", StandInEncoders.Picture(1f))), "?nameEncoding=cp866");

        Assert.That(await FindPersonAsync(1f), Is.EqualTo("王秀英"));
    }

    [TestCase("/add_faces_in_bulk/")]
    [TestCase("/v1/collections/default/jobs")]
    public async Task Bulk_UnknownNameEncoding_Is400(string path)
    {
        var answer = await Client.PostAsync(path + "?nameEncoding=klingon", Form(Archives.Zip()));

        var problem = await answer.ReadJsonAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("errors").TryGetProperty("nameEncoding", out _), Is.True, problem.ToString());
    }

    [Test]
    public async Task Bulk_UnicodePathField_IsReadWhenItBelongsToTheName()
    {
        await PostAsync(Archives.Zip(
            ("????/one.png", StandInEncoders.Picture(1f)), ("?????/two.png", StandInEncoders.Picture(2f)), ("Ada/three.png", StandInEncoders.Picture(3f))),
            fields: ["Иван/one.png", "Артём/two.png", "Eve/three.png"], wrongCrcOf: 2);

        Assert.That(await FindPersonAsync(1f), Is.EqualTo("Иван"));
        Assert.That(await FindPersonAsync(2f), Is.EqualTo("Артём"));
        Assert.That(await FindPersonAsync(3f), Is.EqualTo("Ada"), "the entry was renamed");
    }

    [TestCase("Jos\uFFFD/one.png")]
    [TestCase("?????/one.png")]
    [TestCase("????_0001.png")]
    public async Task Bulk_NameThatCannotBeDecoded_NamesNobodyAndSaysSo(string name)
    {
        var (_, json) = await PostAsync(Archives.Zip((name, StandInEncoders.Picture(1f)), ("Ada/two.png", StandInEncoders.Picture(2f))));

        var items = await ReadItemsAsync(json);
        Assert.That(Counts(json), Is.EqualTo((2, 0, 0, 0)));
        Assert.That(await FindPersonAsync(1f), Is.Null);
        Assert.That(items.Select(item => $"{item.Text("outcome")} {item.Text("reason")}"), Is.EqualTo(new[] { "inserted undecodable-name", "inserted " }));
    }

    [Test]
    public async Task Bulk_BytesThatTheEncodingDoesNotKnow_NameNobody()
    {
        var (_, json) = await PostAsync(
            Archives.ZipWithRawNames(([0x81, 0xFF, (byte)'a', .. "/one.png"u8], StandInEncoders.Picture(1f))), "?nameEncoding=gbk");

        Assert.That(await FindPersonAsync(1f), Is.Null);
        Assert.That((await ReadItemsAsync(json)).Single().Text("reason"), Is.EqualTo("undecodable-name"));
    }

    private Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(byte[] zip, string[] fields, int wrongCrcOf) =>
        PostAsync(WithUnicodePaths(zip, fields, wrongCrcOf));

    private async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(byte[] zip, string query)
    {
        var response = await Client.PostAsync("/add_faces_in_bulk/" + query, Form(zip));
        var json = await response.ReadJsonAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), json.ToString());
        return (response.StatusCode, json);
    }

    private async Task<JsonElement[]> ReadItemsAsync(JsonElement job) =>
        [.. (await (await Client.GetAsync($"/v1/jobs/{job.Text("jobId")}/items")).ReadJsonAsync()).GetProperty("items").EnumerateArray()];

    private async Task<string?> FindPersonAsync(float face)
    {
        var json = await (await Client.PostPictureAsync("/search_faces/?tolerance=0.01", StandInEncoders.Picture(face))).ReadJsonAsync();
        return json.GetProperty("faces")[0].GetProperty("matches")[0].Text("person");
    }

    /// <summary>Adds Info-ZIP's field with these names to the records of the directory, which are the end of the zip.</summary>
    private static byte[] WithUnicodePaths(byte[] zip, string[] paths, int wrongCrcOf)
    {
        var end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        var start = BinaryPrimitives.ReadInt32LittleEndian(zip.AsSpan(end + 16));
        var directory = new MemoryStream();
        var at = start;
        for (var i = 0; i < paths.Length; i++)
        {
            var record = zip.AsSpan(at, 46).ToArray();
            var name = zip.AsSpan(at + 46, BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(28))).ToArray();
            var path = Encoding.UTF8.GetBytes(paths[i]);
            var field = new byte[9 + path.Length];
            BinaryPrimitives.WriteUInt16LittleEndian(field, 0x7075);
            BinaryPrimitives.WriteUInt16LittleEndian(field.AsSpan(2), (ushort)(5 + path.Length));
            field[4] = 1;
            BinaryPrimitives.WriteUInt32LittleEndian(field.AsSpan(5), Crc32.HashToUInt32(name) + (i == wrongCrcOf ? 1u : 0));
            path.CopyTo(field, 9);
            at += record.Length + name.Length + BinaryPrimitives.ReadUInt16LittleEndian(record.AsSpan(30));
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(30), (ushort)field.Length);
            directory.Write([.. record, .. name, .. field]);
        }

        var tail = zip[end..];
        BinaryPrimitives.WriteInt32LittleEndian(tail.AsSpan(12), (int)directory.Length);
        return [.. zip[..start], .. directory.ToArray(), .. tail];
    }
}
