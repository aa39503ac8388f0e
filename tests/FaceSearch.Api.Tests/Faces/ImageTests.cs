using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>A picture by its id, and the addresses of what was created.</summary>
[Category("Fault-E5")]
internal sealed class ImageTests : FacesFixture
{
    [Test]
    public async Task Enrol_SeveralFaces_LocationIsThePictureWithItsFaces()
    {
        var added = await Client.PostPictureAsync($"{Faces}?faces=all&nearDuplicates=ignore", StandInEncoders.Picture(1f, 5f));
        var faces = (await added.ReadJsonAsync()).GetProperty("faces").EnumerateArray().Select(face => face.Text("faceId"));

        var image = await (await Client.GetAsync(added.Headers.Location)).ReadJsonAsync();

        Assert.That(image.GetProperty("faces").EnumerateArray().Select(face => face.Text("faceId")), Is.EquivalentTo(faces));
        Assert.That(image.Text("fileName"), Is.EqualTo("picture.png"));
    }

    [Test]
    public async Task Get_OfAnotherCollection_OrErased_IsNotFound()
    {
        var face = await EnrolOneAsync(StandInEncoders.Picture(1f));
        var image = (await GetAsync(face)).Text("imageId");

        await AssertProblemAsync(
            await Client.GetAsync($"/v1/collections/default/images/{image}"), HttpStatusCode.NotFound, "image-not-found");
        await DeleteAsync(face);
        await AssertProblemAsync(
            await Client.GetAsync($"/v1/collections/{CollectionName}/images/{image}"), HttpStatusCode.NotFound, "image-not-found");
    }

    [Test]
    public async Task AddFace_LocationIsTheFace()
    {
        var added = await Client.PostPictureAsync("/add_face", StandInEncoders.Picture(CollectionName, 1f));
        var face = (await added.ReadJsonAsync()).GetProperty("face").Text("faceId");

        Assert.That((await (await Client.GetAsync(added.Headers.Location)).ReadJsonAsync()).Text("faceId"), Is.EqualTo(face));
    }

    [Test]
    public async Task Exclude_LocationIsTheExclusion()
    {
        var face = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");
        var person = (await GetAsync(face)).Text("personId");
        var excluded = await Client.PostAsync(
            $"/v1/collections/{CollectionName}/persons/{person}/exclusions", Access.AccessRequests.Json($$"""{"faceId":"{{face}}"}"""));

        var exclusion = await Client.GetAsync(excluded.Headers.Location);

        Assert.That((await exclusion.ReadJsonAsync()).ToString(), Is.EqualTo((await excluded.ReadJsonAsync()).ToString()));
        await Client.DeleteAsync(excluded.Headers.Location);
        await AssertProblemAsync(await Client.GetAsync(excluded.Headers.Location), HttpStatusCode.NotFound, "exclusion-not-found");
    }
}
