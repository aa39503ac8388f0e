using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Conditional;

/// <summary>An ETag is of the whole answer, so it also changes with what the answer shows of other rows.</summary>
[Category("Fault-E3")]
internal sealed class ETagTests : FacesFixture
{
    private string Persons => $"/v1/collections/{CollectionName}/persons";

    [Test]
    public async Task IfNoneMatch_CurrentTag_Is304WithoutBody([Values] bool ofPerson, [Values("{0}", "W/{0}", "\"x\", {0}", "*")] string form)
    {
        var path = ofPerson ? await PersonAsync(await NewFaceAsync()) : await NewFaceAsync();
        var tag = await TagAsync(path);

        var answer = await GetIfNoneMatchAsync(path, string.Format(null, form, tag));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
        Assert.That(answer.Headers.ETag?.Tag, Is.EqualTo(tag));
        Assert.That(await answer.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [TestCase("\"x\"")]
    [TestCase("x")]
    public async Task IfNoneMatch_OtherTag_Is200(string header)
    {
        var answer = await GetIfNoneMatchAsync(await NewFaceAsync(), header);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Rename_OfItsPerson_ChangesTheTagOfTheFace()
    {
        var face = await NewFaceAsync();
        await ExpectOtherTagAsync(face, async () => await SendAsync(HttpMethod.Patch, await PersonAsync(face), """{"name":"Grace"}"""));
    }

    [Test]
    public async Task Merge_OfItsPerson_ChangesTheTagOfTheFace()
    {
        var (face, other) = (await NewFaceAsync(), await NewFaceAsync("Grace", 9f));
        var merged = (await PersonAsync(face)).Split('/')[^1];
        await ExpectOtherTagAsync(face, async () => await SendAsync(
            HttpMethod.Post, $"{await PersonAsync(other)}/merge", $$"""{"personIds":["{{merged}}"]}"""));
    }

    [Test]
    public async Task Enrolment_OfAnotherFace_ChangesTheTagOfThePerson()
    {
        var person = await PersonAsync(await NewFaceAsync());
        await ExpectOtherTagAsync(person, () => NewFaceAsync(place: 9f));
    }

    [Test]
    public async Task IfMatch_OfTheNameBefore_RefusesTheChangeAndTheRemovalOfAFace()
    {
        var face = await NewFaceAsync();
        var before = await TagAsync(face);
        await SendAsync(HttpMethod.Patch, await PersonAsync(face), """{"name":"Grace"}""");
        var id = face.Split('/')[^1];

        Assert.That((await PatchAsync(id, "{}", before)).StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That((await DeleteAsync(id, before)).StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
        Assert.That((await PatchAsync(id, "{}", await TagAsync(face))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await DeleteAsync(id, await TagAsync(face))).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
    }

    private async Task ExpectOtherTagAsync(string path, Func<Task> change)
    {
        var before = await TagAsync(path);
        await change();

        Assert.That((await GetIfNoneMatchAsync(path, before)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await TagAsync(path), Is.Not.EqualTo(before));
    }

    private async Task<string> NewFaceAsync(string person = "Ada", float place = 1f) =>
        $"{Faces}/{await EnrolOneAsync(StandInEncoders.Picture(place), $"?person={person}")}";

    private async Task<string> PersonAsync(string face) =>
        $"{Persons}/{(await (await Client.GetAsync(face)).ReadJsonAsync()).Text("personId")}";

    private async Task<string> TagAsync(string path) => (await Client.GetAsync(path)).Headers.ETag!.Tag;

    private Task<HttpResponseMessage> GetIfNoneMatchAsync(string path, string header)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", header);
        return Client.SendAsync(request);
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string json)
    {
        var answer = await Client.SendAsync(new HttpRequestMessage(method, path) { Content = Access.AccessRequests.Json(json) });
        return await answer.EnsureSuccessStatusCode().ReadJsonAsync();
    }
}
