using System.Net;
using System.Net.Http.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Access;

/// <summary>A key without the read scope is answered nothing that others have stored.</summary>
[Category("Fault-B5")]
internal sealed class WriteOnlyKeyTests : FacesFixture
{
    private HttpClient writer;

    [SetUp]
    public async Task ConnectAsync() => writer = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.Write));

    [TearDown]
    public void Disconnect() => writer.Dispose();

    [TestCase("{}", null, null, null)]
    [TestCase("""{"tags":["a"]}""", null, null, "a")]
    [TestCase("""{"person":"Bob"}""", "Bob", null, null)]
    [TestCase("""{"externalId":"b"}""", null, "b", null)]
    public async Task ChangeFace_AnswersWhatTheCallHasSet(string change, string? person, string? externalId, string? tag)
    {
        var face = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada&externalId=ada&tags=staff");

        var answer = await writer.PatchAsync($"{Faces}/{face}", AccessRequests.Json(change));

        var json = await answer.ReadJsonAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), json.ToString());
        Assert.That(answer.Headers.ETag, Is.Null, "it is made of the person's name, too");
        Assert.That(json.EnumerateObject().Select(member => member.Name), Is.EquivalentTo(
            new[] { "faceId", "collection", "person", "personId", "externalId", "tags" }));
        Assert.That((json.Text("person"), json.Text("personId"), json.Text("externalId")), Is.EqualTo((person, (string?)null, externalId)));
        Assert.That(json.GetProperty("tags").ToString(), Is.EqualTo(tag is null ? "" : $"[\"{tag}\"]"));
    }

    [Test]
    public async Task ChangeFace_WithTheScopeRead_AnswersTheWholeChange()
    {
        var face = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada&externalId=ada&tags=staff");

        var json = await (await PatchAsync(face, "{}")).ReadJsonAsync();

        Assert.That((json.Text("person"), json.Text("externalId")), Is.EqualTo(("Ada", "ada")));
        Assert.That(json.Text("personId"), Is.EqualTo((await GetAsync(face)).Text("personId")));
        Assert.That(json.GetProperty("tags")[0].GetString(), Is.EqualTo("staff"));
    }

    [Test]
    public async Task MergePersons_DoesNotNameThePerson()
    {
        var ada = (await EnrolAsync(StandInEncoders.Picture(1f), "?person=Ada"))[0].Text("personId");
        var bob = (await EnrolAsync(StandInEncoders.Picture(2f), "?person=Bob"))[0].Text("personId");
        var merge = $"/v1/collections/{CollectionName}/persons/{ada}/merge";

        var shown = await (await Client.PostAsJsonAsync(merge, new { personIds = new[] { bob } })).ReadJsonAsync();
        var eve = (await EnrolAsync(StandInEncoders.Picture(3f), "?person=Eve"))[0].Text("personId");
        var hidden = await (await writer.PostAsJsonAsync(merge, new { personIds = new[] { eve } })).ReadJsonAsync();

        Assert.That((shown.Text("personId"), shown.Text("name")), Is.EqualTo((ada, "Ada")));
        Assert.That((hidden.Text("personId"), hidden.Text("name")), Is.EqualTo((ada, (string?)null)));
    }

    [Test]
    public async Task NearDuplicate_DoesNotNameThePerson()
    {
        await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");

        var enrolled = await (await writer.PostPictureAsync(Faces, StandInEncoders.Picture(1.125f))).ReadJsonAsync();
        var refused = await AssertProblemAsync(
            await writer.PostPictureAsync(Faces + "?nearDuplicates=refuse", StandInEncoders.Picture(0.875f)), HttpStatusCode.Conflict, "near-duplicate");

        Assert.That(enrolled.GetProperty("warnings").GetArrayLength(), Is.EqualTo(1));
        Assert.That(enrolled.ToString() + refused, Does.Not.Contain("Ada"));
    }

    [Test]
    public async Task ListJobs_HasTheJobsThatTheKeyHasStarted()
    {
        using var other = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.Write));
        var mine = await StartJobAsync(writer, 1f);
        var others = await StartJobAsync(other, 2f);

        Assert.That(await ListJobsAsync(writer), Is.EqualTo(new[] { mine }));
        Assert.That(await ListJobsAsync(other), Is.EqualTo(new[] { others }));
        Assert.That(await ListJobsAsync(Client), Is.SupersetOf(new[] { others, mine }));
        Assert.That(await ListJobsAsync(writer, $"?collection={CollectionName}"), Is.EqualTo(new[] { mine }));
    }

    [Test]
    public async Task Job_WhoseIdAnotherKeyWasGiven_IsFollowed()
    {
        var job = await StartJobAsync(Client, 1f);

        Assert.That((await writer.GetAsync($"/v1/jobs/{job}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await writer.GetAsync($"/v1/jobs/{job}/items")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>The job has no collection any more, and the key is bound to two.</summary>
    [Test]
    public async Task RemoveCollection_ItsJob_IsListedForTheKeyThatStartedIt()
    {
        await UseDatabaseAsync(async db =>
        {
            db.Collections.Add(new Collection { Name = $"{CollectionName}-kept", Model = StandInEncoders.ModelName, CreatedAt = DateTime.UtcNow });
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        string[] bound = [CollectionName, $"{CollectionName}-kept"];
        using var admin = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All, null, bound));
        using var stranger = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All, null, $"{CollectionName}-kept"));

        (await admin.DeleteAsync($"/v1/collections/{CollectionName}")).EnsureSuccessStatusCode();

        var job = (await ListJobsAsync(admin)).Single();
        Assert.That((await admin.GetAsync($"/v1/jobs/{job}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await stranger.GetAsync($"/v1/jobs/{job}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await ListJobsAsync(stranger), Is.Empty);
    }

    private async Task<string?> StartJobAsync(HttpClient client, float face)
    {
        var answer = await client.PostPictureAsync(
            $"/v1/collections/{CollectionName}/jobs", Archives.Zip(("a.png", StandInEncoders.Picture(face))), "a.zip");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        return (await answer.ReadJsonAsync()).Text("jobId");
    }

    private static async Task<string?[]> ListJobsAsync(HttpClient client, string query = "")
    {
        var json = await (await client.GetAsync("/v1/jobs" + query)).ReadJsonAsync();
        return [.. json.GetProperty("jobs").EnumerateArray().Select(job => job.Text("jobId"))];
    }
}
