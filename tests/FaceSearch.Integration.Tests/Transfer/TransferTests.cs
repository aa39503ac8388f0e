using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.Transfer;

/// <summary>Collections are transferred from one kind of database to the other and stay the same.</summary>
internal sealed class TransferTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private TestDatabase target = null!;
    private HttpClient from = null!;
    private HttpClient to = null!;

    [SetUp]
    public async Task OpenBothAsync()
    {
        target = new TestDatabase(Provider == DatabaseProvider.Sqlite ? DatabaseProvider.MySql : DatabaseProvider.Sqlite);
        from = await ClientAsync(Server);
        to = await ClientAsync(target.Server);
    }

    [TearDown]
    public async Task CloseBothAsync()
    {
        from?.Dispose();
        to?.Dispose();
        if (target is not null)
            await target.DisposeAsync();
    }

    [Test]
    public void AnyCollection_SurvivesTheRoundTrip()
    {
        var round = 0;
        Prop.ForAll(SampleCollections.Any.ToArbitrary(), sample =>
        {
            var name = $"c{round++}";
            SurviveAsync(name, sample).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithEndSize(30));
    }

    [Test]
    public async Task ManyFacesAtOnePlace_KeepTheirOrder()
    {
        SampleFace face = new(2, 0, true, true, ["a", "b"], [1], 0.9f);
        await SurviveAsync("big", new SampleCollection(
            ["Ada", "Grace", "Unknown"], [.. Enumerable.Range(0, 700).Select(i => new SamplePicture(true, i % 2 == 0, i % 3, [face, face with { Place = i % 4 }]))]));
    }

    [Test]
    public async Task Import_Again_CountsDuplicates_AndBringsBackWhatIsMissing()
    {
        await Server.StoreAsync("c", Some(30));
        var zip = await ExportAsync("c");
        var first = await ImportAsync("c", zip, HttpStatusCode.Created);
        var whole = await target.Server.DescribeAsync("c");
        await WithAsync(
            async db =>
            {
                db.Images.RemoveRange(await db.Images.OrderBy(image => image.Id).Skip(5).Take(10).ToListAsync());
                return await db.SaveChangesAsync(CancellationToken.None);
            },
            target.Server);

        var second = await ImportAsync("c", zip, HttpStatusCode.OK);

        Assert.That(Numbers(first), Is.EqualTo((30, 30, 2, 0)));
        Assert.That(Numbers(second), Is.EqualTo((10, 10, 0, 20)));
        Assert.That(await target.Server.DescribeAsync("c"), Is.EquivalentTo(whole));
    }

    [Test]
    public async Task Import_ExternalIdIsTaken_ReportsItAndImportsTheFace()
    {
        await Server.StoreAsync("c", Some(3));
        await target.Server.StoreAsync("c", Some(1) with { Pictures = [new SamplePicture(true, false, 0, [Face(9)])] });
        await WithAsync(
            db => db.Images.ExecuteUpdateAsync(set => set.SetProperty(image => image.Sha256, new string('a', 64))), target.Server);

        var imported = await ImportAsync("c", await ExportAsync("c"), HttpStatusCode.OK);

        var conflict = imported.GetProperty("externalIdConflicts").EnumerateArray().Single();
        Assert.That(Numbers(imported), Is.EqualTo((3, 3, 0, 0)));
        Assert.That(conflict.GetProperty("externalId").GetString(), Is.EqualTo("0.0"));
        Assert.That(conflict.GetProperty("enrolledFaceId").GetString(), Is.Not.Null.And.Not.EqualTo(conflict.GetProperty("faceId").GetString()));
        Assert.That(await WithAsync(db => db.Faces.CountAsync(), target.Server), Is.EqualTo(4));
    }

    [Test]
    public async Task Import_LeavesNoFileBehind_AndExportNone()
    {
        await Server.StoreAsync("c", Some(3));
        var zip = await ExportAsync("c");
        await ImportAsync("c", zip, HttpStatusCode.Created);
        await ImportAsync("d", zip[..^10], HttpStatusCode.UnsupportedMediaType);

        Assert.That(FilesOf(Server).Concat(FilesOf(target.Server)), Is.Empty);
    }

    [Test]
    public async Task Export_IsConsistent_AndBlocksNoWriter()
    {
        await Server.StoreAsync("c", Some(2));
        var (before, during) = (-1, -1);
        await WithAsync(async db =>
        {
            await db.ReadSnapshotAsync(
                async () =>
                {
                    before = await db.Images.CountAsync();
                    await Server.StoreAsync("d", Some(3));
                    during = await db.Images.CountAsync();
                },
                CancellationToken.None);
            return 0;
        });

        Assert.That((before, during), Is.EqualTo((2, 2)));
        Assert.That(await WithAsync(db => db.Images.CountAsync()), Is.EqualTo(5));
    }

    [Test]
    public async Task Export_ChecksumsAreThoseOfEveryEntry()
    {
        await Server.StoreAsync("c", Some(3));
        var entries = Entries(await ExportAsync("c"));

        var listed = Encoding.UTF8.GetString(entries["checksums.sha256"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(listed, Is.EquivalentTo(entries.Where(entry => entry.Key != "checksums.sha256")
            .Select(entry => $"{Convert.ToHexStringLower(SHA256.HashData(entry.Value))}  {entry.Key}")));
        Assert.That(entries.Keys.Last(), Is.EqualTo("checksums.sha256"));
        Assert.That(entries.Keys.Count(name => name.StartsWith("pictures/", StringComparison.Ordinal)), Is.EqualTo(3));
        Assert.That(Entries(await ExportAsync("c", pictures: false)).Keys, Has.None.StartsWith("pictures/"));
    }

    [TestCase("faces.ndjson", "\"score\":", "\"score\":1", false)]
    [TestCase("persons.ndjson", "Ada", "Bob", false)]
    [TestCase("faces.ndjson", "\"id\":", "\"nr\":", true)]
    [TestCase("faces.ndjson", "AAAAA", "AA", true)]
    [TestCase("faces.ndjson", "\"width\":50", "\"width\":-5", true)]
    [TestCase("faces.ndjson", "\"personId\":", "\"personId\":9", true)]
    [TestCase("images.ndjson", "\"faces\":1", "\"faces\":2", true)]
    [TestCase("images.ndjson", "\"format\":\"jpeg\"", "\"format\":\"tiff\"", true)]
    [TestCase("images.ndjson", "\"bytes\":", "\"bytes\":1", true)]
    [TestCase("manifest.json", "\"faces\":3", "\"faces\":4", true)]
    [TestCase("manifest.json", "\"version\":1", "\"version\":2", true)]
    public async Task Import_Damaged_NamesTheEntry_AndStoresNothing(string entry, string part, string other, bool withChecksums)
    {
        await Server.StoreAsync("c", Some(3));
        var entries = Entries(await ExportAsync("c"));
        var text = Encoding.UTF8.GetString(entries[entry]);
        Assert.That(text, Does.Contain(part));
        entries[entry] = Encoding.UTF8.GetBytes(text.Replace(part, other, StringComparison.Ordinal));

        var problem = await ImportAsync("c", Zip(entries, withChecksums), HttpStatusCode.UnprocessableEntity);

        Assert.That(problem.GetProperty("type").GetString(), Does.EndWith(":damaged-export"));
        Assert.That(problem.GetProperty("entry").GetString(), Is.AnyOf(entry, "faces.ndjson"), problem.ToString());
        Assert.That(await WithAsync(db => db.Collections.AnyAsync(c => c.Name == "c"), target.Server), Is.False);
    }

    [Test]
    public async Task Import_EntryMissingOrTooMany_IsRefused()
    {
        await Server.StoreAsync("c", Some(3));
        var entries = Entries(await ExportAsync("c"));
        var picture = entries.Keys.First(name => name.StartsWith("pictures/", StringComparison.Ordinal));

        var withoutPicture = await ImportAsync("c", Zip(entries.Where(e => e.Key != picture), false), HttpStatusCode.UnprocessableEntity);
        var withoutFaces = await ImportAsync("c", Zip(entries.Where(e => e.Key != "faces.ndjson"), true), HttpStatusCode.UnprocessableEntity);
        var withMore = await ImportAsync("c", Zip(entries.Append(new("more.txt", [1])), false), HttpStatusCode.UnprocessableEntity);
        var unlisted = await ImportAsync("c", Zip(entries.Where(e => e.Key != picture), true), HttpStatusCode.UnprocessableEntity);

        Assert.That(
            new[] { withoutPicture, withoutFaces, withMore, unlisted }.Select(problem => problem.GetProperty("entry").GetString()),
            Is.EqualTo(new[] { picture, "faces.ndjson", "more.txt", "images.ndjson" }));
    }

    [Test]
    public async Task Import_Bomb_IsRefusedUnread()
    {
        await Server.StoreAsync("c", Some(1));
        var entries = Entries(await ExportAsync("c"));
        entries["faces.ndjson"] = new byte[20_000_000];

        var problem = await ImportAsync("c", Zip(entries, true), HttpStatusCode.RequestEntityTooLarge);

        Assert.That(problem.GetProperty("type").GetString(), Does.EndWith(":archive-too-large"));
    }

    [Test]
    public async Task Import_Incompatible_IsRefused()
    {
        await Server.StoreAsync("c", Some(1));
        var entries = Entries(await ExportAsync("c"));
        var zip = Zip(entries, true);
        await WithAsync(
            db => db.Collections.ExecuteUpdateAsync(set => set.SetProperty(c => c.Model, StandInEncoders.SecondModelName)), target.Server);

        await AssertRefusedAsync("default", zip, HttpStatusCode.Conflict, "model-mismatch");
        await AssertRefusedAsync("Not_A_Name", zip, HttpStatusCode.BadRequest, "invalid-request");
        entries["manifest.json"] = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(entries["manifest.json"]).Replace(StandInEncoders.ModelName, "other-v1", StringComparison.Ordinal));
        await AssertRefusedAsync("c", Zip(entries, true), HttpStatusCode.Conflict, "model-not-available");
        await AssertRefusedAsync("c", [1, 2, 3], HttpStatusCode.UnsupportedMediaType, "not-an-archive");
        zip[^12]++; // the number of entries in its directory
        await AssertRefusedAsync("c", zip, HttpStatusCode.UnsupportedMediaType, "not-an-archive");
    }

    private async Task SurviveAsync(string name, SampleCollection sample)
    {
        await Server.StoreAsync(name, sample);
        var zip = await ExportAsync(name);
        var imported = await ImportAsync(name, zip, HttpStatusCode.Created);

        Assert.That(imported.GetProperty("faces").GetInt32(), Is.EqualTo(sample.Pictures.Sum(picture => picture.Faces.Length)));
        Assert.That(await target.Server.DescribeAsync(name), Is.EqualTo(await Server.DescribeAsync(name)));
        Assert.That(await target.Server.SearchAsync(name), Is.EqualTo(await Server.SearchAsync(name)));
    }

    private static SampleCollection Some(int pictures) => new(
        ["Ada", "Grace"], [.. Enumerable.Range(0, pictures).Select(i => new SamplePicture(true, i % 2 == 0, 0, [Face(i)]))]);

    private static SampleFace Face(int place) => new(place, 0, true, true, ["a"], [1], 0.5f);

    private static async Task<HttpClient> ClientAsync(TestServer server)
    {
        var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
        return client;
    }

    private async Task<byte[]> ExportAsync(string name, bool pictures = true)
    {
        var response = await from.GetAsync($"/v1/collections/{name}/export?pictures={(pictures ? "true" : "false")}");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/zip"));
        return await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<JsonElement> ImportAsync(string name, byte[] zip, HttpStatusCode expected)
    {
        var response = await to.PostRawAsync($"/v1/collections/{name}/import", zip, "application/zip");
        Assert.That(response.StatusCode, Is.EqualTo(expected), await response.Content.ReadAsStringAsync());
        return await response.ReadJsonAsync();
    }

    private async Task AssertRefusedAsync(string name, byte[] zip, HttpStatusCode status, string code)
    {
        var problem = await ImportAsync(name, zip, status);
        Assert.That(problem.GetProperty("type").GetString(), Does.EndWith(":" + code));
    }

    private static (int Faces, int Images, int Persons, int Duplicates) Numbers(JsonElement imported) => (
        imported.GetProperty("faces").GetInt32(), imported.GetProperty("images").GetInt32(),
        imported.GetProperty("persons").GetInt32(), imported.GetProperty("duplicates").GetInt32());

    private static string[] FilesOf(TestServer server) =>
        Directory.Exists(server.UploadFolder) ? Directory.GetFiles(server.UploadFolder) : [];

    private static Dictionary<string, byte[]> Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        var entries = new Dictionary<string, byte[]>();
        foreach (var entry in archive.Entries)
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open())
                stream.CopyTo(content);
            entries.Add(entry.FullName, content.ToArray());
        }

        return entries;
    }

    private static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> entries, bool withChecksums)
    {
        var all = entries.ToDictionary();
        if (withChecksums)
        {
            all.Remove("checksums.sha256");
            all["checksums.sha256"] = Encoding.UTF8.GetBytes(string.Concat(all.Select(
                entry => $"{Convert.ToHexStringLower(SHA256.HashData(entry.Value))}  {entry.Key}\n")));
        }

        return Archives.Zip([.. all.Select(entry => (entry.Key, entry.Value))]);
    }
}
