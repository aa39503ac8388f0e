using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Enrolment;

/// <summary>What the items of a job say about each file.</summary>
[Category("Fault-F4")]
internal sealed class JobItemTests : BulkEnrolmentFixture
{
    [Test]
    public async Task Items_TellTheFaceItsPersonAndTheOthers()
    {
        var before = await (await Client.PostPictureAsync("/add_face", StandInEncoders.Picture(9f), "Eve_0001.png")).ReadJsonAsync();
        var (_, job) = await PostAsync(Archives.Zip(
            ("Ada/group.png", StandInEncoders.Picture(1f, 2f, 3f, 4f, 5f)),
            ("Bob/group.png", StandInEncoders.Picture(1f, 2f, 3f, 4f, 5f)),
            ("Ada/again.png", StandInEncoders.Picture(1f, 2f, 3f, 4f, 5f)),
            ("Bob/eve.png", StandInEncoders.Picture(9f)),
            ("picture.png", StandInEncoders.Picture(6f)),
            ("Ada/landscape.png", StandInEncoders.Picture())));

        var items = await ReadItemsAsync(job, AccessScopes.Read);

        Assert.That(items.Select(Describe), Is.EqualTo(new[]
        {
            "inserted Ada +4 ", "duplicate Bob +0 Ada", "duplicate Ada +0 ", "duplicate Bob +0 Eve", "inserted  +0 ", "failed Ada +0 ",
        }));
        var faces = items.Select(item => item.Text("faceId")).ToArray();
        Assert.That(faces[0], Is.Not.Null);
        Assert.That(faces[1..3], Is.All.EqualTo(faces[0]));
        Assert.That(faces[3], Is.EqualTo(before.GetProperty("face").Text("faceId")));
        Assert.That(faces[4], Is.Not.Null);
        Assert.That(faces[5], Is.Null);
    }

    /// <summary>A key that may only write does not learn whose pictures are enrolled.</summary>
    [Test]
    public async Task Items_WithoutTheScopeRead_DoNotNameOtherPersons()
    {
        await Client.PostPictureAsync("/add_face", StandInEncoders.Picture(9f), "Eve_0001.png");
        var (_, job) = await PostAsync(Archives.Zip(("Bob/eve.png", StandInEncoders.Picture(9f)), ("Ada/a.png", StandInEncoders.Picture(1f))));

        var items = await ReadItemsAsync(job, AccessScopes.Write);

        Assert.That(items.Select(Describe), Is.EqualTo(new[] { "duplicate Bob +0 ", "inserted Ada +0 " }));
    }

    [Test]
    public async Task Item_OfAnErasedPerson_IsErasedWithItsDuplicates()
    {
        var (_, job) = await PostAsync(Archives.Zip(
            ("Ada/a.png", StandInEncoders.Picture(1f)), ("x.png", StandInEncoders.Picture(1f)), ("Bob/b.png", StandInEncoders.Picture(2f))));
        using var client = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        var persons = await (await client.GetAsync("/v1/collections/default/persons?name=Ada")).ReadJsonAsync();

        await client.DeleteAsync($"/v1/collections/default/persons/{persons.GetProperty("persons")[0].Text("personId")}");

        Assert.That((await ReadItemsAsync(job, AccessScopes.Read)).Select(item => item.Text("name")), Is.EqualTo(new[] { "Bob/b.png" }));
    }

    private async Task<JsonElement[]> ReadItemsAsync(JsonElement job, AccessScopes scopes)
    {
        using var client = Server.CreateClient(await Server.IssueKeyAsync(scopes));
        var json = await (await client.GetAsync($"/v1/jobs/{job.Text("jobId")}/items")).ReadJsonAsync();
        return [.. json.GetProperty("items").EnumerateArray()];
    }

    private static string Describe(JsonElement item) =>
        $"{item.Text("outcome")} {item.Text("person")} +{item.GetProperty("otherFaceCount").GetInt32()} {item.Text("otherPerson")}";
}
