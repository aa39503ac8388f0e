using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Processes;

/// <summary>The routes, through the mediator, on a real database.</summary>
internal sealed class ServiceFlowTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [Test]
    public async Task AddSearchAndInfo_ReturnTheSameData()
    {
        using var client = Server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await Server.IssueKeyAsync(Domain.Access.AccessScopes.All));

        var added = await (await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f), "José_Sánchez_0007.jpg")).ReadJsonAsync();
        var again = await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f), "b.png");
        var found = await (await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1.25f))).ReadJsonAsync();
        var match = found.GetProperty("faces")[0].GetProperty("matches")[0];
        var imageId = match.GetProperty("imageId").GetString()!;
        var info = await (await client.PostAsync(
            "/get_face_info/", new FormUrlEncodedContent([new("image_id", imageId)]))).ReadJsonAsync();

        Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(match.GetProperty("distance").GetSingle(), Is.EqualTo(0.25f));
        Assert.That(match.GetProperty("person").GetString(), Is.EqualTo("José Sánchez"));
        Assert.That(imageId, Is.EqualTo(added.GetProperty("face").GetProperty("imageId").GetString()));
        Assert.That(info.GetProperty("fileName").GetString(), Is.EqualTo("José_Sánchez_0007.jpg"));
        Assert.That(info.GetProperty("version").GetInt32(), Is.EqualTo(7));
    }

    [Test]
    public async Task Bulk_ThenAgain_EnrolsEachPictureOnce()
    {
        using var client = Server.CreateClient();
        var zip = Archives.Zip([.. Enumerable.Range(0, 300).Select(i => ($"Person {i % 50}/{i}.png", StandInEncoders.Picture($"{i}", i)))]);

        var first = await PostAsync(client, zip);
        var second = await PostAsync(client, zip);
        var job = await (await client.GetAsync($"/v1/jobs/{second.GetProperty("jobId").GetString()}")).ReadJsonAsync();

        Assert.That(first.GetProperty("inserted").GetInt32(), Is.EqualTo(300));
        Assert.That(second.GetProperty("inserted").GetInt32(), Is.Zero);
        Assert.That(second.GetProperty("duplicates").GetInt32(), Is.EqualTo(300));
        Assert.That(job.GetProperty("done").GetInt32(), Is.EqualTo(300));
        Assert.That(await CountMatchesAsync(client, 17f), Is.EqualTo(1));
    }

    [Test]
    public async Task AddFace_ManyAtOnce_AllArriveOnce()
    {
        using var client = Server.CreateClient();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
            (await client.PostPictureAsync("/add_face/", StandInEncoders.Picture($"{i % 30}", 5f), $"New Person_{i % 30:0000}.png")).StatusCode));

        Assert.That(
            statuses.CountBy(status => status),
            Is.EquivalentTo(new Dictionary<HttpStatusCode, int> { [HttpStatusCode.Created] = 30, [HttpStatusCode.Conflict] = 30 }));
        Assert.That(await CountMatchesAsync(client, 5f), Is.EqualTo(30));
    }

    [Test]
    public async Task Bulk_SameArchiveOnTwoServersAtOnce_EnrolsEachPictureOnce()
    {
        using var first = Server.CreateClient();
        using var second = Database.NewServer().CreateClient();
        var zip = Archives.Zip([.. Enumerable.Range(0, 200).Select(i => ($"Person {i % 10}/{i}.png", StandInEncoders.Picture($"{i}", 1f)))]);

        var answers = await Task.WhenAll(PostAsync(first, zip), PostAsync(second, zip), PostAsync(first, zip));

        Assert.That(answers.Sum(answer => answer.GetProperty("inserted").GetInt32()), Is.EqualTo(200));
        Assert.That(answers.Sum(answer => answer.GetProperty("duplicates").GetInt32()), Is.EqualTo(400));
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(first, 1f) == 200), Is.True);
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, byte[] zip) =>
        await (await client.PostAsync(
            "/add_faces_in_bulk/",
            new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "faces.zip" } })).ReadJsonAsync();
}
