using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Quality;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>Which faces of a picture are enrolled: by their number, quality and place.</summary>
internal sealed class FacesEnrolSelectionTests : FacesFixture
{
    [Test]
    public async Task Largest_SeveralFaces_ListsEnrolledAndSkipped()
    {
        var response = await Client.PostPictureAsync(Faces, StandInEncoders.Picture(1f, 2f), "Ada_Lovelace_0007.jpg");
        var json = await response.ReadJsonAsync();
        var face = json.GetProperty("faces")[0];

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That(response.Headers.Location?.ToString(), Is.EqualTo($"{Faces}/{face.Text("faceId")}"));
        Assert.That(json.GetProperty("image").GetProperty("width").GetInt32(), Is.EqualTo(640));
        Assert.That(json.GetProperty("image").Text("imageId"), Is.EqualTo(face.Text("imageId")));
        Assert.That(json.GetProperty("faces").GetArrayLength(), Is.EqualTo(1));
        Assert.That(face.Text("collection"), Is.EqualTo(CollectionName));
        Assert.That(face.Text("person"), Is.EqualTo("Ada Lovelace"));
        Assert.That(face.Text("personId"), Is.Not.Empty);
        Assert.That(face.GetProperty("pictureNumber").GetInt32(), Is.EqualTo(7));
        Assert.That(face.GetProperty("quality").GetProperty("size").GetInt32(), Is.EqualTo(100));
        Assert.That(face.GetProperty("quality").GetProperty("sharpness").GetSingle(), Is.EqualTo(500));
        Assert.That(face.TryGetProperty("embedding", out _), Is.False);
        Assert.That(json.GetProperty("refused")[0].Texts("reasons"), Is.EqualTo(new[] { "exceeds-max-faces" }));
        Assert.That(json.GetProperty("warnings").GetArrayLength(), Is.Zero);
        Assert.That(json.Text("model"), Is.EqualTo(StandInEncoders.ModelName));
    }

    [Test]
    public async Task NothingFound_IsNoFace() => await AssertProblemAsync(
        await Client.PostPictureAsync(Faces, StandInEncoders.Picture()), HttpStatusCode.UnprocessableEntity, "no-face");

    [Test]
    public async Task Single_OneFace_IsEnrolled() =>
        Assert.That(await EnrolAsync(StandInEncoders.Picture(1f), "?faces=single"), Has.Length.EqualTo(1));

    [Test]
    public async Task Single_TwoFaces_IsRefused()
    {
        var problem = await AssertProblemAsync(
            await Client.PostPictureAsync(Faces + "?faces=single", StandInEncoders.Picture(1f, 2f)),
            HttpStatusCode.UnprocessableEntity,
            "several-faces");

        Assert.That(problem.GetProperty("faceCount").GetInt32(), Is.EqualTo(2));
        Assert.That(await ListIdsAsync(), Is.Empty);
    }

    [Test]
    public async Task All_SeveralFaces_EnrolsThemInOnePicture_NamedIsTheMainFace()
    {
        var response = await Client.PostPictureAsync(
            Faces + "?faces=all&tags=team", StandInEncoders.Picture(1f, 5f, 9f), "Ada_Lovelace_0007.jpg");
        var json = await response.ReadJsonAsync();
        var faces = json.GetProperty("faces").EnumerateArray().ToList();

        Assert.That(response.Headers.Location?.ToString(), Does.Contain("/images/"));
        Assert.That(faces, Has.Count.EqualTo(3));
        Assert.That(faces.Select(face => face.Text("imageId")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(faces.Select(face => face.Text("person")), Is.EqualTo(new[] { "Ada Lovelace", null, null }));
        Assert.That(faces.SelectMany(face => face.Texts("tags")), Is.All.EqualTo("team"));
        foreach (var (number, index) in new[] { (1f, 0), (5f, 1), (9f, 2) })
            Assert.That(
                (await GetAsync(faces[index].Text("faceId")!, "?embedding=true")).GetProperty("embedding")[0].GetSingle(),
                Is.EqualTo(number));
    }

    [Test]
    public async Task All_BadFaces_AreSkippedWithTheirReasons()
    {
        var response = await Client.PostPictureAsync(
            Faces + "?faces=all", StandInEncoders.Picture("sharpness1=3 yaw1=80 size2=20", 1f, 5f, 9f));
        var json = await response.ReadJsonAsync();

        Assert.That(json.GetProperty("faces").GetArrayLength(), Is.EqualTo(1));
        Assert.That(
            json.GetProperty("refused").EnumerateArray().Select(face => string.Join(' ', face.Texts("reasons"))),
            Is.EqualTo(new[] { "low-sharpness extreme-pose", "small-bounding-box" }));
        Assert.That(json.GetProperty("refused")[0].GetProperty("quality").GetProperty("yaw").GetSingle(), Is.EqualTo(80));
    }

    [TestCase("sharpness=3", "", "low-sharpness")]
    [TestCase("size=20", "?quality=low", "small-bounding-box")]
    [TestCase("brightness=5 score=0.1", "?quality=low", "low-brightness", "low-confidence")]
    [TestCase("sharpness=60", "?quality=medium", "low-sharpness")]
    [TestCase("brightness=200", "?quality=high", "high-brightness")]
    public async Task Quality_TooLow_IsRefusedWithReasons(string note, string query, params string[] reasons)
    {
        var problem = await AssertProblemAsync(
            await Client.PostPictureAsync(Faces + query, StandInEncoders.Picture(note, 1f)),
            HttpStatusCode.UnprocessableEntity,
            "low-quality");

        Assert.That(problem.Texts("reasons"), Is.EqualTo(reasons));
        Assert.That(problem.GetProperty("quality").GetProperty("brightness").GetSingle(), Is.GreaterThan(0));
        Assert.That(await ListIdsAsync(), Is.Empty);
    }

    [TestCase("sharpness=0 size=5 yaw=90", "?quality=none")]
    [TestCase("sharpness=60", "?quality=low")]
    [TestCase("brightness=200", "?quality=medium")]
    [TestCase("", "?quality=high")]
    public async Task Quality_GoodEnoughForTheLevel_IsEnrolled(string note, string query) =>
        Assert.That(await EnrolAsync(StandInEncoders.Picture(note, 1f), query), Has.Length.EqualTo(1));

    [Test]
    public async Task SeedsRoute_AnyQuality_IsEnrolledAndMeasured()
    {
        var added = await (await Client.PostPictureAsync(
            "/add_face/", StandInEncoders.Picture("seed sharpness=1 size=9", 77f))).ReadJsonAsync();

        var face = await (await Client.GetAsync(
            $"/v1/collections/default/faces/{added.GetProperty("face").Text("faceId")}")).ReadJsonAsync();
        Assert.That(face.GetProperty("quality").GetProperty("sharpness").GetSingle(), Is.EqualTo(1));
        Assert.That(face.GetProperty("quality").GetProperty("size").GetInt32(), Is.EqualTo(9));
    }

    [Test]
    public async Task Bulk_StoresTheQualityOfEveryFace()
    {
        var zip = Archives.Zip(("a.png", StandInEncoders.Picture("bulk sharpness=42", 900f)));
        await Client.PostAsync(
            "/add_faces_in_bulk/", new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "f.zip" } });

        var stored = await UseDatabaseAsync(db => db.Faces.AsNoTracking().OrderByDescending(face => face.Id).FirstAsync());
        Assert.That(stored.Quality, Is.EqualTo(new FaceQuality(42, 128, 0, 0, 0)));
    }

    // The stand-in's second face is at 280,190 and 99 pixels wide, the first at 270,190 and 100.
    [TestCase("280,190,99,99", 5f)]
    [TestCase("270,190,100,100", 1f)]
    [TestCase("250,180,100,100", 1f)]
    public async Task TargetBox_ChoosesTheFaceThatOverlapsMost(string box, float number)
    {
        var response = await Client.PostPictureAsync(
            $"{Faces}?targetBox={box}", StandInEncoders.Picture("size0=100", 1f, 5f));
        var json = await response.ReadJsonAsync();

        var face = await GetAsync(json.GetProperty("faces")[0].Text("faceId")!, "?embedding=true");
        Assert.That(face.GetProperty("embedding")[0].GetSingle(), Is.EqualTo(number));
        Assert.That(json.GetProperty("refused")[0].Texts("reasons"), Is.EqualTo(new[] { "outside-target-box" }));
    }

    [TestCase("500,400,20,20", Description = "no overlap")]
    [TestCase("240,140,80,80", Description = "1,500 of 14,900 pixels in common")]
    public async Task TargetBox_NoFaceThere_IsRefused(string box) => await AssertProblemAsync(
        await Client.PostPictureAsync($"{Faces}?targetBox={box}", StandInEncoders.Picture(1f)),
        HttpStatusCode.UnprocessableEntity,
        "no-face-in-target-box");
}
