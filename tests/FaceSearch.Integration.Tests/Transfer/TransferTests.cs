using System.Net;
using System.Security.Cryptography;
using System.Text;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.Transfer;

/// <summary>Collections are transferred from one kind of database to the other and stay the same.</summary>
internal sealed class TransferTests(DatabaseProvider provider) : TransferFixture(provider)
{
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
        var first = await ImportAsync("c", zip);
        var whole = await Target.DescribeAsync("c");
        await WithAsync(
            async db =>
            {
                db.Images.RemoveRange(await db.Images.OrderBy(image => image.Id).Skip(5).Take(10).ToListAsync());
                return await db.SaveChangesAsync(CancellationToken.None);
            },
            Target);

        var second = await ImportAsync("c", zip);

        Assert.That(Numbers(first), Is.EqualTo((30, 30, 2, 0)));
        Assert.That(Numbers(second), Is.EqualTo((10, 10, 0, 20)));
        Assert.That(await Target.DescribeAsync("c"), Is.EquivalentTo(whole));
    }

    [Test]
    public async Task Import_ExternalIdIsTaken_ReportsItAndImportsTheFace()
    {
        await Server.StoreAsync("c", Some(3));
        await Target.StoreAsync("c", Some(1) with { Pictures = [new SamplePicture(true, false, 0, [Face(9)])] });
        await WithAsync(
            db => db.Images.ExecuteUpdateAsync(set => set.SetProperty(image => image.Sha256, new string('a', 64))), Target);

        var job = await ImportAsync("c", await ExportAsync("c"));

        var imported = job.GetProperty("import");
        var conflict = imported.GetProperty("externalIdConflicts").EnumerateArray().Single();
        Assert.That(Numbers(job), Is.EqualTo((3, 3, 0, 0)));
        Assert.That(imported.GetProperty("externalIdConflictCount").GetInt32(), Is.EqualTo(1));
        Assert.That(conflict.GetProperty("externalId").GetString(), Is.EqualTo("0.0"));
        Assert.That(conflict.GetProperty("enrolledFaceId").GetString(), Is.Not.Null.And.Not.EqualTo(conflict.GetProperty("faceId").GetString()));
        Assert.That(await WithAsync(db => db.Faces.CountAsync(), Target), Is.EqualTo(4));
    }

    [Test]
    public async Task Import_LeavesNoFileBehind_AndExportNone()
    {
        await Server.StoreAsync("c", Some(3));
        var zip = await ExportAsync("c");
        await ImportAsync("c", zip);
        await AssertRefusedAsync("d", zip[..^10], HttpStatusCode.UnsupportedMediaType, "not-an-archive");

        Assert.That(FilesOf(Server).Concat(FilesOf(Target)), Is.Empty);
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

        var fault = await FindDamageAsync("c", Zip(entries, withChecksums));

        Assert.That(fault, Does.Contain($"'{entry}'").Or.Contain("'faces.ndjson'"));
        Assert.That(await WithAsync(db => db.Collections.AnyAsync(c => c.Name == "c"), Target), Is.False);
        Assert.That(await WithAsync(db => db.Persons.AnyAsync(), Target), Is.False);
    }

    [Test]
    [Category("Fault-F1")]
    public async Task Import_ModelNormalises_EmbeddingOfAnotherNormIsRefused()
    {
        await Server.StoreAsync("c", Some(3));
        Target.Encoders.Traits = Target.Encoders.Traits with { EmbeddingNorm = 0.5f };

        var fault = await FindDamageAsync("c", await ExportAsync("c"));

        Assert.That(fault, Does.Contain("'faces.ndjson'").And.Contain("the norm").And.Contain("not 0.5"));
        Assert.That(await WithAsync(db => db.Collections.AnyAsync(c => c.Name == "c"), Target), Is.False);
    }

    // As an earlier version stored it; the picture is 100 x 200.
    [Test]
    [Category("Fault-F5")]
    public async Task Export_StoredBoxPastTheBorder_HasThePartInThePicture()
    {
        await Server.StoreAsync("c", Some(1));
        await WithAsync(db => db.Faces.ExecuteUpdateAsync(row => row.SetProperty(face => face.Box, new BoundingBox(-3, 150, 50, 60))));

        var faces = Encoding.UTF8.GetString(Entries(await ExportAsync("c"))["faces.ndjson"]);

        Assert.That(faces, Does.Contain("""{"x":0,"y":150,"width":47,"height":50}"""));
    }

    [Test]
    public async Task Import_EntryMissingOrTooMany_IsRefused()
    {
        await Server.StoreAsync("c", Some(3));
        var entries = Entries(await ExportAsync("c"));
        var picture = entries.Keys.First(name => name.StartsWith("pictures/", StringComparison.Ordinal));

        var withoutPicture = await FindDamageAsync("c", Zip(entries.Where(e => e.Key != picture), false));
        var withoutFaces = await FindDamageAsync("c", Zip(entries.Where(e => e.Key != "faces.ndjson"), true));
        var withMore = await FindDamageAsync("c", Zip(entries.Append(new("more.txt", [1])), false));
        var unlisted = await FindDamageAsync("c", Zip(entries.Where(e => e.Key != picture), true));

        Assert.That(withoutPicture, Does.Contain($"'{picture}'"));
        Assert.That(withoutFaces, Does.Contain("'faces.ndjson'"));
        Assert.That(withMore, Does.Contain("'more.txt'"));
        Assert.That(unlisted, Does.Contain("'images.ndjson'"));
    }

    [Test]
    public async Task Import_Bomb_IsRefusedUnread()
    {
        await Server.StoreAsync("c", Some(1));
        var entries = Entries(await ExportAsync("c"));
        entries["faces.ndjson"] = new byte[20_000_000];

        await AssertRefusedAsync("c", Zip(entries, true), HttpStatusCode.RequestEntityTooLarge, "archive-too-large");
    }

    [Test]
    public async Task Import_Incompatible_IsRefused()
    {
        await Server.StoreAsync("c", Some(1));
        var entries = Entries(await ExportAsync("c"));
        var zip = Zip(entries, true);
        await WithAsync(
            db => db.Collections.ExecuteUpdateAsync(set => set.SetProperty(c => c.Model, StandInEncoders.SecondModelName)), Target);

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
        var imported = await ImportAsync(name, zip);

        Assert.That(imported.GetProperty("import").GetProperty("faceCount").GetInt32(), Is.EqualTo(sample.Pictures.Sum(picture => picture.Faces.Length)), imported.ToString());
        Assert.That(await Target.DescribeAsync(name), Is.EqualTo(await Server.DescribeAsync(name)));
        Assert.That(await Target.SearchAsync(name), Is.EqualTo(await Server.SearchAsync(name)));
    }
}
