using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.VectorIndex.Sync;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Persistence;

/// <summary>Operations on persons, on both databases.</summary>
internal sealed class PersonTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private const string Persons = "/v1/collections/default/persons";

    private HttpClient client;

    [SetUp]
    public async Task EnrolAsync()
    {
        client = Server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await Server.IssueKeyAsync(AccessScopes.All));
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture("a", 1f), "Ada_Lovelace_0001.png");
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture("b", 1.1f), "Ada_Lovelace_0002.png");
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture("c", 1.2f), "Alan_Turing_0001.png");
        var zip = Archives.Zip(
            ("Ada Lovelace/1.png", StandInEncoders.Picture("d", 1.3f)), ("Ada Lovelace/none.png", StandInEncoders.Picture()),
            ("Alan_Turing_0002.png", StandInEncoders.Picture("e", 1.4f)));
        (await client.PostPictureAsync("/add_faces_in_bulk/", zip, "faces.zip")).EnsureSuccessStatusCode();
    }

    [TearDown]
    public void Stop() => client?.Dispose();

    [Test]
    public async Task BulkItems_Inserted_NameTheirPictures()
    {
        var rows = await WithAsync(db => db.EnrolmentItems.OrderBy(item => item.Position)
            .Select(item => new { item.Outcome, item.ImageId, Picture = db.Images.Where(image => image.Id == item.ImageId).Select(image => image.FileName).FirstOrDefault() })
            .ToListAsync());

        Assert.That(
            rows.Select(row => (row.Outcome, row.Picture)),
            Is.EqualTo(new[] { (EnrolmentOutcome.Inserted, "1.png"), (EnrolmentOutcome.Failed, null), (EnrolmentOutcome.Inserted, "Alan_Turing_0002.png") }));
    }

    [Test]
    public async Task Erase_Person_LeavesNoRowAndNoFile()
    {
        await client.PostAsJsonAsync($"{Persons}/{await IdAsync("Alan")}/exclusions", new { faceId = await FirstFaceAsync("Ada") });
        await StoreSecondEmbeddingsAsync();
        await SaveSnapshotAsync();
        Assert.That(await IndexedAsync(1f), Is.EqualTo(1));
        var snapshots = Path.Combine(Database.Folder, "data", "index");
        Assert.That(Directory.GetFiles(snapshots), Is.Not.Empty);
        Assert.That(Directory.GetFiles(Server.UploadFolder), Is.Not.Empty);

        var receipt = await (await client.DeleteAsync($"{Persons}/{await IdAsync("Ada")}")).ReadJsonAsync();

        Assert.That(await IndexedAsync(1f), Is.Zero);
        Assert.That(Directory.GetFiles(snapshots), Is.Empty);
        Assert.That(Directory.GetFiles(Server.UploadFolder), Is.Empty);
        foreach (var (name, expected) in new[] { ("faceCount", 3), ("imageCount", 3), ("jobItemCount", 2), ("exclusionCount", 1), ("archiveCount", 1) })
            Assert.That(receipt.GetProperty(name).GetInt32(), Is.EqualTo(expected), name);
        Assert.That(
            await WithAsync(async db => new[]
            {
                await db.Persons.CountAsync(), await db.Faces.CountAsync(), await db.Images.CountAsync(),
                await db.ImageContents.CountAsync(), await db.EnrolmentItems.CountAsync(), await db.PersonExclusions.CountAsync(),
                await db.FaceEmbeddings.CountAsync(), await db.FaceRemovals.CountAsync(),
            }),
            Is.EqualTo(new[] { 1, 2, 2, 2, 1, 0, 4, 3 }));
        Assert.That(await CountMatchesAsync(client, 1f), Is.EqualTo(2));
    }

    [Test]
    public async Task Erase_RenamedPerson_TakesTheItemsOfTheirPictures()
    {
        var id = await IdAsync("Ada");
        (await client.PatchAsJsonAsync($"{Persons}/{id}", new { name = "Augusta King" })).EnsureSuccessStatusCode();

        var receipt = await (await client.DeleteAsync($"{Persons}/{id}")).ReadJsonAsync();

        Assert.That(receipt.GetProperty("jobItemCount").GetInt32(), Is.EqualTo(1), "the failed items name no person any more");
        Assert.That(
            await WithAsync(db => db.EnrolmentItems.OrderBy(item => item.Position).Select(item => item.Name).ToListAsync()),
            Is.EqualTo(new[] { "Ada Lovelace/none.png", "Alan_Turing_0002.png" }));
    }

    [Test]
    public async Task Erase_Person_LeavesTheIndexOfOtherProcesses()
    {
        using var other = Database.NewServer().CreateClient();
        Assert.That(await CountMatchesAsync(other, 1f), Is.EqualTo(5));

        (await client.DeleteAsync($"{Persons}/{await IdAsync("Ada")}")).EnsureSuccessStatusCode();

        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(other, 1f) == 2), Is.True);
    }

    [Test]
    public async Task MergeAndList_Persons_WorkAlike()
    {
        var alan = await IdAsync("Alan");
        await client.PostAsJsonAsync($"{Persons}/{alan}/exclusions", new { faceId = await FirstFaceAsync("Ada") });

        var merged = await client.PostAsJsonAsync($"{Persons}/{await IdAsync("Ada")}/merge", new { personIds = new[] { alan } });
        var page = await (await client.GetAsync(Persons + "?name=A&limit=1")).ReadJsonAsync();

        Assert.That(merged.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(page.GetProperty("persons").GetArrayLength(), Is.EqualTo(1));
        Assert.That(page.GetProperty("persons")[0].GetProperty("faceCount").GetInt32(), Is.EqualTo(5));
        Assert.That(page.TryGetProperty("nextCursor", out _), Is.False);
        Assert.That(await WithAsync(db => db.PersonExclusions.CountAsync()), Is.Zero);
    }

    [Test]
    public async Task SearchAndCalibrate_OnThisDatabase_WorkAlike()
    {
        var embedding = StandInEncoders.EmbeddingOf(1f).Values.ToArray();
        var found = await (await client.PostAsJsonAsync(
            $"/v1/collections/default/search/embedding?groupBy=person&k=1&personId={await IdAsync("Alan")}", new { embedding })).ReadJsonAsync();
        var measured = await (await client.PostAsync("/v1/collections/default/calibration?falseMatchRate=0.5", null)).ReadJsonAsync();

        Assert.That(found.GetProperty("groups")[0].GetProperty("matches").GetArrayLength(), Is.EqualTo(2));
        Assert.That(measured.GetProperty("pairs").GetRawText(), Is.EqualTo("""{"sameCount":4,"differentCount":6,"sampled":false}"""));
        Assert.That(measured.GetProperty("wanted").GetProperty("falseMatchRate").GetDouble(), Is.EqualTo(0.5));
    }

    private async Task<string?> IdAsync(string prefix) => (await PersonAsync(prefix)).GetProperty("personId").GetString();

    private async Task<string?> FirstFaceAsync(string prefix) => (await PersonAsync(prefix)).GetProperty("sampleFaceId").GetString();

    private async Task<JsonElement> PersonAsync(string prefix) =>
        (await (await client.GetAsync($"{Persons}?name={prefix}")).ReadJsonAsync()).GetProperty("persons")[0];

    /// <summary>The faces in the index itself; a search leaves out faces that the database has no longer.</summary>
    private async Task<int> IndexedAsync(float face)
    {
        var collection = await WithAsync(db => db.Collections.Select(row => row.Id).SingleAsync());
        var found = await Server.Services.GetRequiredService<IFaceGallery>()
            .SearchAsync(collection, [StandInEncoders.EmbeddingOf(face)], 10, 0.01f);
        return found[0].Count;
    }

    private Task<int> StoreSecondEmbeddingsAsync() => WithAsync(async db =>
    {
        db.FaceEmbeddings.AddRange((await db.Faces.Select(face => face.Id).ToListAsync()).Select(
            id => StandInEncoders.SecondRowOf(id, 1f)));
        return await db.SaveChangesAsync(default);
    });

    private Task<bool> SaveSnapshotAsync() => WithAsync(async db =>
    {
        await Server.Services.GetRequiredService<SnapshotWriter>().SaveAsync(db, default);
        return true;
    });
}
