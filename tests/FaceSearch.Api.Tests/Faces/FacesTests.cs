using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Persons;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>Listing, reading, changing and removing enrolled faces.</summary>
internal sealed class FacesTests : FacesFixture
{
    [Test]
    public async Task Get_Face_HasAnETagAndNoEmbeddingUnlessAsked()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(3f), "?person=Ada");

        var response = await Client.GetAsync($"{Faces}/{id}");
        var face = await response.ReadJsonAsync();

        Assert.That(response.Headers.ETag?.IsWeak, Is.False);
        Assert.That(face.Text("faceId"), Is.EqualTo(id));
        Assert.That(face.Text("person"), Is.EqualTo("Ada"));
        Assert.That(face.TryGetProperty("embedding", out _), Is.False);
        Assert.That((await GetAsync(id, "?embedding=true")).GetProperty("embedding").GetArrayLength(), Is.EqualTo(128));
    }

    [TestCase("999999")]
    [TestCase("x")]
    [TestCase("-1")]
    [TestCase("99999999999999999999")]
    public async Task UnknownFace_IsNotFoundEverywhere(string id)
    {
        foreach (var path in new[] { $"{Faces}/{id}", $"{Faces}/{id}?embedding=true", $"{Faces}/{id}/image", $"{Faces}/{id}/crop" })
            await AssertProblemAsync(await Client.GetAsync(path), HttpStatusCode.NotFound, "face-not-found");
        await AssertProblemAsync(await PatchAsync(id, "{}"), HttpStatusCode.NotFound, "face-not-found");
        await AssertProblemAsync(await DeleteAsync(id), HttpStatusCode.NotFound, "face-not-found");
    }

    [Test]
    public async Task FaceOfAnotherCollection_IsNotFound()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));
        await AddCollectionAsync();

        await AssertProblemAsync(await Client.GetAsync($"{Faces}/{id}"), HttpStatusCode.NotFound, "face-not-found");
        await AssertProblemAsync(await DeleteAsync(id), HttpStatusCode.NotFound, "face-not-found");
        await AssertProblemAsync(await PatchAsync(id, "{}"), HttpStatusCode.NotFound, "face-not-found");
    }

    [Test]
    public async Task List_Filters_AllMustHold()
    {
        var ada = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada&tags=red,blue&externalId=a");
        var second = await EnrolOneAsync(StandInEncoders.Picture(5f), "?person=Ada&tags=red");
        var grace = await EnrolOneAsync(StandInEncoders.Picture(9f), "?person=Grace&tags=red");
        var personId = (await GetAsync(grace)).Text("personId");

        Assert.That(await ListIdsAsync(), Is.EqualTo(new[] { ada, second, grace }));
        Assert.That(await ListIdsAsync("?person=Ada"), Is.EqualTo(new[] { ada, second }));
        Assert.That(await ListIdsAsync($"?personId={personId}"), Is.EqualTo(new[] { grace }));
        Assert.That(await ListIdsAsync("?tag=red"), Is.EqualTo(new[] { ada, second, grace }));
        Assert.That(await ListIdsAsync("?tag=blue"), Is.EqualTo(new[] { ada }));
        Assert.That(await ListIdsAsync("?tag=red&person=Ada&externalId=a"), Is.EqualTo(new[] { ada }));
        Assert.That(await ListIdsAsync("?person=Unknown"), Is.Empty);
        Assert.That(await ListIdsAsync("?tag=green"), Is.Empty);
        Assert.That(await ListIdsAsync("?externalId=z"), Is.Empty);
    }

    [TestCase("?limit=0", "limit")]
    [TestCase("?limit=501", "limit")]
    [TestCase("?cursor=!!", "cursor")]
    [TestCase("?cursor=eHl6", "cursor")]
    [TestCase("?tag=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "tag")]
    public async Task List_WrongParameter_NamesTheField(string query, string field)
    {
        var problem = await AssertProblemAsync(
            await Client.GetAsync(Faces + query), HttpStatusCode.BadRequest, "invalid-request");

        Assert.That(problem.GetProperty("errors").TryGetProperty(field, out _), Is.True);
    }

    [TestCase("application/merge-patch+json")]
    [TestCase("application/json")]
    public async Task Change_AbsentFields_StayUnchanged(string type)
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada&externalId=a&tags=red");

        var response = await PatchAsync(id, """{"person": "Grace"}""", type: type);
        var face = await response.ReadJsonAsync();

        Assert.That(response.Headers.ETag, Is.EqualTo((await Client.GetAsync($"{Faces}/{id}")).Headers.ETag));
        Assert.That(face.Text("person"), Is.EqualTo("Grace"));
        Assert.That(face.Text("externalId"), Is.EqualTo("a"));
        Assert.That(face.Texts("tags"), Is.EqualTo(new[] { "red" }));
        Assert.That(face.EnumerateObject().Select(member => $"{member}"), Is.SubsetOf((await GetAsync(id)).EnumerateObject().Select(member => $"{member}")));
    }

    [Test]
    public async Task Change_Null_RemovesTheValue()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada&externalId=a&tags=red");

        await PatchAsync(id, """{"person": null, "externalId": null, "tags": null}""");

        var face = await GetAsync(id);
        Assert.That(face.Text("person"), Is.Null);
        Assert.That(face.Text("personId"), Is.Null);
        Assert.That(face.Text("externalId"), Is.Null);
        Assert.That(face.Texts("tags"), Is.Empty);
    }

    [Test]
    public async Task Change_Tags_ReplacesThemAll()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f), "?tags=red,blue");

        await PatchAsync(id, """{"tags": ["blue", "green", "green"]}""");

        Assert.That((await GetAsync(id)).Texts("tags"), Is.EqualTo(new[] { "blue", "green" }));
        Assert.That(await ListIdsAsync("?tag=red"), Is.Empty);
        Assert.That(await ListIdsAsync("?tag=green"), Is.EqualTo(new[] { id }));
    }

    [TestCase("{0}")]
    [TestCase("*")]
    public async Task Change_MatchingTag_Works(string ifMatch)
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));

        Assert.That((await PatchAsync(id, "{}", string.Format(null, ifMatch, await FaceTagAsync(id)))).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("\"other\"")]
    [TestCase("W/{0}")]
    public async Task ChangeOrRemove_OtherTag_IsRefused(string form)
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));
        var ifMatch = string.Format(null, form, await FaceTagAsync(id));

        await AssertProblemAsync(
            await PatchAsync(id, """{"person": "Eve"}""", ifMatch), HttpStatusCode.PreconditionFailed, "changed-meanwhile");
        await AssertProblemAsync(await DeleteAsync(id, ifMatch), HttpStatusCode.PreconditionFailed, "changed-meanwhile");

        Assert.That((await GetAsync(id)).Text("person"), Is.Null);
    }

    [Test]
    public async Task Change_ManyAtOnceWithOneVersion_OneWins()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));
        var tag = await FaceTagAsync(id);

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            i => PatchAsync(id, $$"""{"person": "P{{i}}"}""", tag)));

        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed), Is.EqualTo(11));
    }

    [Test]
    public async Task Change_ManyAtOnceWithoutAVersion_AllArrive()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PatchAsync(id, """{"person": "New"}""")));

        Assert.That(responses.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(await FaceTagAsync(id), Does.StartWith("\"13-"));
    }

    [Test]
    public async Task Change_ExternalIdOfAnotherFace_IsRefusedNamingIt()
    {
        var first = await EnrolOneAsync(StandInEncoders.Picture(1f), "?externalId=a");
        var second = await EnrolOneAsync(StandInEncoders.Picture(5f));

        var problem = await AssertProblemAsync(
            await PatchAsync(second, """{"externalId": "a"}"""), HttpStatusCode.Conflict, "external-id-taken");

        Assert.That(problem.Text("faceId"), Is.EqualTo(first));
        Assert.That((await PatchAsync(first, """{"externalId": "a"}""")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("""{"person": ""}""")]
    [TestCase("""{"person": 5}""")]
    [TestCase("""{"externalId": "  "}""")]
    [TestCase("""{"tags": ["", "a"]}""")]
    [TestCase("""{"tags": [null]}""")]
    [TestCase("""{"tags": "a"}""")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{")]
    public async Task Change_WrongBody_IsInvalid(string json)
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));

        await AssertProblemAsync(await PatchAsync(id, json), HttpStatusCode.BadRequest, "invalid-request");
    }

    [Test]
    public async Task Change_OverlongTexts_AreInvalid()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));

        foreach (var body in new[] { $$"""{"person": "{{new string('x', 201)}}"}""", $$"""{"externalId": "{{new string('x', 129)}}"}""", $$"""{"tags": ["{{new string('x', 65)}}"]}""" })
            await AssertProblemAsync(await PatchAsync(id, body), HttpStatusCode.BadRequest, "invalid-request");
    }

    [Test]
    public async Task Change_OtherContentType_Is415()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));

        Assert.That(
            (await PatchAsync(id, "person=Ada", type: "text/plain")).StatusCode,
            Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    // Naming the face's person as Ada removes the exclusion for Ada.
    [Test]
    public async Task Change_ToAnExcludedPerson_LiftsTheExclusion()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");
        var faceId = long.Parse(id);
        var personId = long.Parse((await GetAsync(id)).Text("personId")!);
        await PatchAsync(id, """{"person": null}""");
        await UseDatabaseAsync(db =>
        {
            db.PersonExclusions.Add(new PersonExclusion { PersonId = personId, FaceId = faceId, CreatedAt = DateTime.UtcNow });
            return db.SaveChangesAsync(CancellationToken.None);
        });

        await PatchAsync(id, """{"person": "Grace"}""");
        Assert.That(await UseDatabaseAsync(db => db.PersonExclusions.CountAsync(e => e.FaceId == faceId)), Is.EqualTo(1));

        await PatchAsync(id, """{"person": "Ada"}""");
        Assert.That(await UseDatabaseAsync(db => db.PersonExclusions.CountAsync(e => e.FaceId == faceId)), Is.Zero);
    }

    [Test]
    public async Task Remove_OneOfTwoFaces_KeepsThePictureUntilTheLast()
    {
        var faces = await EnrolAsync(StandInEncoders.Picture(1f, 5f), "?faces=all&tags=red&person=Ada");
        var imageId = long.Parse(faces[0].Text("imageId")!);

        Assert.That((await DeleteAsync(faces[0].Text("faceId")!)).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await ListIdsAsync(), Is.EqualTo(new[] { faces[1].Text("faceId") }));
        Assert.That(await CountPicturesAsync(imageId), Is.EqualTo(1));

        Assert.That((await DeleteAsync(faces[1].Text("faceId")!, "*")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await CountPicturesAsync(imageId), Is.Zero);
        Assert.That((await EnrolAsync(StandInEncoders.Picture(1f, 5f), "?faces=all")), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Remove_Face_IsNoLongerFoundBySearch()
    {
        var added = (await (await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture("r", 4321f))).ReadJsonAsync())
            .GetProperty("face").Text("faceId");
        await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture("r", 4321.125f));

        await Client.DeleteAsync($"/v1/collections/default/faces/{added}");

        // If the removed face were still in the index, it would be found instead of the other face.
        var search = await (await Client.PostPictureAsync("/search_faces/?k=1", StandInEncoders.Picture(4321f))).ReadJsonAsync();
        var match = search.GetProperty("faces")[0].GetProperty("matches").EnumerateArray().Single();
        Assert.That(match.GetProperty("distance").GetSingle(), Is.EqualTo(0.125f));
        Assert.That(
            await UseDatabaseAsync(db => db.FaceRemovals.CountAsync(removal => removal.FaceId == long.Parse(added!))),
            Is.EqualTo(1));
    }

    [Test]
    public async Task Remove_BothFacesOfAPictureAtOnce_ThePictureGoes()
    {
        for (var round = 0; round < 5; round++)
        {
            var faces = await EnrolAsync(StandInEncoders.Picture($"{round}", 1f, 5f), "?faces=all&nearDuplicates=ignore");

            var responses = await Task.WhenAll(faces.Select(face => DeleteAsync(face.Text("faceId")!)));

            Assert.That(responses.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.NoContent));
            Assert.That(await CountPicturesAsync(long.Parse(faces[0].Text("imageId")!)), Is.Zero);
        }
    }

    [Test]
    public async Task Remove_TheSameFaceManyTimesAtOnce_OneIsDone()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => DeleteAsync(id)));

        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.NoContent), Is.EqualTo(1));
        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.NotFound), Is.EqualTo(7));
    }

    private Task<int> CountPicturesAsync(long imageId) =>
        UseDatabaseAsync(db => db.Images.CountAsync(image => image.Id == imageId && image.Content != null));
}
