using System.Text;
using System.Text.Json;
using FaceSearch.Infrastructure.Persistence;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.Transfer;

/// <summary>The rules of fields hold for imports: a picture with a row that breaks one fails, and the others are imported.</summary>
[Category("Fault-B6")]
internal sealed class ImportRuleTests(DatabaseProvider provider) : TransferFixture(provider)
{
    private const int Pictures = 5;

    [TestCase("persons.ndjson", "\"name\":\"Grace\"", "\"name\":\" \"", "invalid-text")]
    [TestCase("persons.ndjson", "\"name\":\"Grace\"", "\"name\":\"\\u001b[31m\"", "invalid-text")]
    [TestCase("persons.ndjson", "\"name\":\"Grace\"", "\"name\":\"\\u200b\"", "invalid-text")]
    [TestCase("faces.ndjson", "\"externalId\":\"2.0\"", "\"externalId\":\"\\n\"", "invalid-text")]
    [TestCase("faces.ndjson", "\"tags\":[\"third\"]", "\"tags\":[\" \"]", "invalid-text")]
    [TestCase("faces.ndjson", "\"tags\":[\"third\"]", "\"tags\":[\"a\\u0000b\"]", "invalid-text")]
    [TestCase("faces.ndjson", "\"width\":52", "\"width\":-5", "invalid-box")]
    [TestCase("faces.ndjson", "\"width\":52", "\"width\":2147483647", "invalid-box")]
    [TestCase("faces.ndjson", "\"x\":2,", "\"x\":2147483647,", "invalid-box")]
    [TestCase("faces.ndjson", "\"x\":2,", "\"x\":-2147483648,", "invalid-box")]
    public async Task Row_ThatBreaksARule_SetsItsPictureAside(string entry, string part, string other, string reason)
    {
        var entries = await ExportEntriesAsync();
        Replace(entries, entry, part, other);

        await AssertThirdIsSetAsideAsync(Zip(entries, true), reason);
    }

    [TestCase("<html><script>alert(1)</script>", "not-a-picture")]
    [TestCase("\u0089PNG\r\n\u001A\n another format", "not-a-picture", TestName = "Another format")]
    public async Task Bytes_ThatAreNotThePicture_SetItAside(string content, string reason)
    {
        var entries = await ExportEntriesAsync();
        var bytes = Encoding.Latin1.GetBytes(content);
        ReplacePicture(entries, bytes, Application.Enrolment.NewImage.HashOf(bytes));

        await AssertThirdIsSetAsideAsync(Zip(entries, true), reason);
    }

    [Test]
    public async Task Sha256_ThatIsNotThePictures_SetsItAside()
    {
        var entries = await ExportEntriesAsync();
        ReplacePicture(entries, entries[PictureOf(Row(entries, 2))], new string('a', 64));

        await AssertThirdIsSetAsideAsync(Zip(entries, true), "wrong-checksum");
    }

    [Test, Category("Fault-B7")]
    public async Task Texts_InAnotherForm_AreStoredInOne()
    {
        var entries = await ExportEntriesAsync();
        Replace(entries, "persons.ndjson", "\"Grace\"", "\"Jose\\u0301\\u200b\"");
        Replace(entries, "faces.ndjson", "[\"third\"]", "[\"e\\u0301\",\"\\u00e9\"]");
        Replace(entries, "faces.ndjson", "\"2.0\"", "\" e\\u0301 \"");

        var job = await ImportAsync("c", Zip(entries, true));

        var face = await WithAsync(
            db => db.Faces.Include(row => row.Person).Include(row => row.Tags).OrderBy(row => row.Id).Skip(2).FirstAsync(), Target);
        Assert.That(job.GetProperty("failed").GetInt32(), Is.Zero, job.ToString());
        Assert.That((face.Person!.Name, face.ExternalId, face.Tags.Single().Tag), Is.EqualTo(("Jos\u00E9", "\u00E9", "\u00E9")));
    }

    /// <summary>An import counts by position, so a retry must not forget what failed.</summary>
    [Test]
    public async Task Retry_OfAnImportWithFailures_HasNothingToDo()
    {
        var entries = await ExportEntriesAsync();
        Replace(entries, "faces.ndjson", "[\"third\"]", "[\"\"]");
        var job = await ImportAsync("c", Zip(entries, true));

        var answer = await PostToJobAsync(job, "retry");

        Assert.That(answer.GetProperty("type").GetString(), Does.EndWith(":nothing-to-retry"));
        Assert.That(FilesOf(Target), Is.Empty);
    }

    /// <summary>Only the third picture has the second person, another tag and another width.</summary>
    private async Task<Dictionary<string, byte[]>> ExportEntriesAsync()
    {
        await Server.StoreAsync("c", new SampleCollection(["Ada", "Grace"],
        [
            .. Enumerable.Range(0, Pictures).Select(i => new SamplePicture(true, false, 0,
                [Face(i) with { Person = i == 2 ? 1 : 0, Exclusions = [], Tags = [i == 2 ? "third" : "a"] }])),
        ]));
        var entries = Entries(await ExportAsync("c"));
        entries["faces.ndjson"] = Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(entries["faces.ndjson"]).Split('\n')
            .Select((line, i) => i == 2 ? line.Replace("\"width\":50", "\"width\":52", StringComparison.Ordinal) : line)));
        return entries;
    }

    private async Task AssertThirdIsSetAsideAsync(byte[] zip, string reason)
    {
        var job = await ImportAsync("c", zip);

        var failure = job.GetProperty("failures").EnumerateArray().Single();
        Assert.That(
            (failure.GetProperty("name").GetString(), failure.GetProperty("reason").GetString()), Is.EqualTo(("Bild 2 é.jpg", reason)));
        Assert.That(
            (job.GetProperty("inserted").GetInt32(), job.GetProperty("failed").GetInt32(), job.GetProperty("done").GetInt32()),
            Is.EqualTo((Pictures - 1, 1, Pictures)));
        Assert.That(
            await WithAsync(db => db.Images.OrderBy(image => image.Id).Select(image => image.FileName).ToListAsync(), Target),
            Is.EqualTo(new[] { 0, 1, 3, 4 }.Select(i => $"Bild {i} é.jpg")));
    }

    private static void Replace(Dictionary<string, byte[]> entries, string entry, string part, string other)
    {
        var text = Encoding.UTF8.GetString(entries[entry]);
        Assert.That(text, Does.Contain(part));
        entries[entry] = Encoding.UTF8.GetBytes(text.Replace(part, other, StringComparison.Ordinal));
    }

    /// <summary>Gives the third picture other bytes under this SHA-256.</summary>
    private static void ReplacePicture(Dictionary<string, byte[]> entries, byte[] bytes, string sha256)
    {
        var row = Row(entries, 2);
        var (sha, length) = (row.GetProperty("sha256").GetString()!, row.GetProperty("bytes").GetInt64());
        var name = PictureOf(row);
        entries.Remove(name);
        entries[name.Replace(sha, sha256, StringComparison.Ordinal)] = bytes;
        var changed = row.GetRawText()
            .Replace(sha, sha256, StringComparison.Ordinal)
            .Replace($"\"bytes\":{length}", $"\"bytes\":{bytes.Length}", StringComparison.Ordinal);
        Replace(entries, "images.ndjson", row.GetRawText(), changed);
    }

    private static JsonElement Row(Dictionary<string, byte[]> entries, int place) =>
        JsonDocument.Parse(Encoding.UTF8.GetString(entries["images.ndjson"]).Split('\n')[place]).RootElement;

    private static string PictureOf(JsonElement image) => $"pictures/{image.GetProperty("sha256").GetString()}.{image.GetProperty("format").GetString()}";
}
