using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>A picture that the collection has already takes further faces. The stand-in's faces are 10 pixels apart.</summary>
internal sealed class KnownPictureTests : FacesFixture
{
    private const string SecondBox = "targetBox=280,190,99,99";

    private static readonly byte[] Three = StandInEncoders.Picture(1f, 5f, 9f);

    [Test]
    public async Task Enrol_AnotherFaceByItsBox_IsAFaceOfTheSamePicture()
    {
        var first = (await EnrolAsync(Three, "?person=Ada"))[0];

        var second = await PostAsync(Three, $"?{SecondBox}&person=Bob");

        Assert.That(second.GetProperty("faces")[0].Text("imageId"), Is.EqualTo(first.Text("imageId")));
        Assert.That(second.GetProperty("faces")[0].Text("person"), Is.EqualTo("Bob"));
        Assert.That(Ids(second, "known"), Is.EqualTo(new[] { first.Text("faceId") }));
        Assert.That(second.GetProperty("known")[0].GetProperty("main").GetBoolean(), Is.True);
        Assert.That(second.GetProperty("refused").GetArrayLength(), Is.EqualTo(1));
        Assert.That(await FacesOfAsync(first.Text("imageId")!), Is.EquivalentTo(new[] { first.Text("faceId"), Ids(second, "faces")[0] }));
        Assert.That((await GetAsync(first.Text("faceId")!)).Text("person"), Is.EqualTo("Ada"));
    }

    [Test]
    public async Task Enrol_TheVerySameFace_IsADuplicateThatNamesIt()
    {
        await EnrolAsync(Three);
        var second = await EnrolOneAsync(Three, "?" + SecondBox);

        var problem = await AssertProblemAsync(
            await Client.PostPictureAsync($"{Faces}?{SecondBox}", Three), HttpStatusCode.Conflict, "duplicate-picture");

        Assert.That(problem.Text("faceId"), Is.EqualTo(second));
    }

    [Test]
    public async Task Enrol_All_TakesTheRest_AndThenNothing()
    {
        var known = await EnrolOneAsync(Three, "?" + SecondBox);

        var rest = await PostAsync(Three, "?faces=all");

        Assert.That((Ids(rest, "faces").Length, rest.GetProperty("refused").GetArrayLength()), Is.EqualTo((2, 0)));
        Assert.That(Ids(rest, "known"), Is.EqualTo(new[] { known }));
        await AssertProblemAsync(
            await Client.PostPictureAsync($"{Faces}?faces=all", Three), HttpStatusCode.Conflict, "duplicate-picture");
    }

    [Test]
    public async Task AddFace_OfAPictureWhoseMainFaceIsNotEnrolled_TakesIt()
    {
        var picture = StandInEncoders.Picture("known", 3001f, 3005f);
        await Client.PostPictureAsync($"/v1/collections/default/faces?{SecondBox}", picture);

        var added = await Client.PostPictureAsync("/add_face/", picture);

        Assert.That(added.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await added.ReadJsonAsync()).GetProperty("skipped").GetArrayLength(), Is.EqualTo(1));
        await AssertProblemAsync(await Client.PostPictureAsync("/add_face/", picture), HttpStatusCode.Conflict, "duplicate-picture");
    }

    [Test]
    public async Task Enrol_SameFaceAtOnce_IsStoredOnce()
    {
        await EnrolAsync(Three);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Client.PostPictureAsync($"{Faces}?{SecondBox}", Three)));

        Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict), Is.EqualTo(7));
        Assert.That(await ListIdsAsync(), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Enrol_AfterTheLastFaceWasRemoved_StoresThePictureAgain()
    {
        var first = await EnrolOneAsync(Three);
        await DeleteAsync(first);

        Assert.That(await EnrolOneAsync(Three), Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Enrol_ThePictureAndItsExternalIdAgain_IsADuplicatePicture()
    {
        await EnrolOneAsync(Three, "?externalId=emp-7");

        await AssertProblemAsync(
            await Client.PostPictureAsync($"{Faces}?externalId=emp-7", Three), HttpStatusCode.Conflict, "duplicate-picture");
        await AssertProblemAsync(
            await Client.PostPictureAsync($"{Faces}?externalId=emp-7&{SecondBox}", Three), HttpStatusCode.Conflict, "external-id-taken");
    }

    [Test]
    public async Task Enrol_All_TheOthersAreBlurred_SaysSo()
    {
        var picture = StandInEncoders.Picture("sharpness1=1", 1f, 5f);
        await EnrolAsync(picture);

        await AssertProblemAsync(
            await Client.PostPictureAsync($"{Faces}?faces=all&quality=low", picture), HttpStatusCode.UnprocessableEntity, "low-quality");
    }

    [Test]
    public async Task Enrol_BoxOfAnotherDetector_IsThatFace()
    {
        var picture = StandInEncoders.Picture(1f);
        await EnrolAsync(picture);
        await UseDatabaseAsync(db => db.Faces.ExecuteUpdateAsync(row => row.SetProperty(
            face => face.Box, new Domain.Faces.BoundingBox(320, 190, 100, 100))));

        await AssertProblemAsync(await Client.PostPictureAsync(Faces, picture), HttpStatusCode.Conflict, "duplicate-picture");
    }

    [Test]
    public async Task Enrol_PictureWhoseBytesWereErased_HasThemAgain()
    {
        var picture = StandInEncoders.Picture("erased", 1f, 5f);
        await EnrolAsync(picture, "?person=Ada");
        await EnrolAsync(picture, $"?{SecondBox}&person=Bob");
        var ada = await (await Client.GetAsync($"/v1/collections/{CollectionName}/persons?name=Ada")).ReadJsonAsync();
        await Client.DeleteAsync($"/v1/collections/{CollectionName}/persons/{ada.GetProperty("persons")[0].Text("personId")}");

        var again = await EnrolOneAsync(picture, "?person=Eve");

        var image = await Client.GetAsync($"{Faces}/{again}/image");
        Assert.That(await image.Content.ReadAsByteArrayAsync(), Is.EqualTo(picture));
    }

    [TestCase("?faces=all", "Ada Lovelace", null, Description = "the file's name is the main face's")]
    [TestCase("?faces=all&personFor=all", "Ada Lovelace", "Ada Lovelace")]
    [TestCase("?faces=all&person=Bob", "Bob", null)]
    [TestCase("?faces=all&person=Bob&personFor=all", "Bob", "Bob")]
    public async Task Enrol_SeveralFaces_TheNameIsTheMainFaces(string query, string main, string? other)
    {
        var faces = await EnrolAsync(StandInEncoders.Picture(1f, 5f), query, "Ada_Lovelace_0001.jpg");

        Assert.That(faces.Select(face => face.Text("person")), Is.EqualTo(new[] { main, other }));
    }

    [TestCase("", null, Description = "the file's name is not that of a bystander")]
    [TestCase("&person=Bob", "Bob")]
    public async Task Enrol_ByBox_TheGivenNameIsThatFaces(string query, string? person)
    {
        var face = (await EnrolAsync(StandInEncoders.Picture(1f, 5f), $"?{SecondBox}{query}", "Ada_Lovelace_0001.jpg")).Single();

        Assert.That(face.Text("person"), Is.EqualTo(person));
        Assert.That(face.GetProperty("main").GetBoolean(), Is.False);
    }

    private async Task<JsonElement> PostAsync(byte[] picture, string query)
    {
        var answer = await Client.PostPictureAsync(Faces + query, picture);
        var json = await answer.ReadJsonAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created), json.ToString());
        return json;
    }

    private static string[] Ids(JsonElement answer, string list) =>
        [.. answer.GetProperty(list).EnumerateArray().Select(face => face.Text("faceId")!)];

    private async Task<string[]> FacesOfAsync(string imageId)
    {
        var image = await (await Client.GetAsync($"/v1/collections/{CollectionName}/images/{imageId}")).ReadJsonAsync();
        return [.. image.GetProperty("faces").EnumerateArray().Select(face => face.Text("faceId")!)];
    }
}
