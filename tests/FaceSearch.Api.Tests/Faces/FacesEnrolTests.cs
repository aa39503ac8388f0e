using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>POST /v1/collections/{collection}/faces.</summary>
internal sealed class FacesEnrolTests : FacesFixture
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
        Assert.That(face.GetProperty("version").GetInt32(), Is.EqualTo(7));
        Assert.That(face.GetProperty("quality").GetProperty("size").GetInt32(), Is.EqualTo(100));
        Assert.That(face.GetProperty("quality").GetProperty("sharpness").GetSingle(), Is.EqualTo(500));
        Assert.That(face.TryGetProperty("embedding", out _), Is.False);
        Assert.That(json.GetProperty("skipped")[0].Texts("reasons"), Is.EqualTo(new[] { "EXCEEDS_MAX_FACES" }));
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

        Assert.That(problem.GetProperty("faces").GetInt32(), Is.EqualTo(2));
        Assert.That(await ListIdsAsync(), Is.Empty);
    }

    [Test]
    public async Task All_SeveralFaces_EnrolsThemInOnePictureWithoutAPerson()
    {
        var response = await Client.PostPictureAsync(
            Faces + "?faces=all&tags=team", StandInEncoders.Picture(1f, 5f, 9f), "Ada_Lovelace_0007.jpg");
        var json = await response.ReadJsonAsync();
        var faces = json.GetProperty("faces").EnumerateArray().ToList();

        Assert.That(response.Headers.Location, Is.Null);
        Assert.That(faces, Has.Count.EqualTo(3));
        Assert.That(faces.Select(face => face.Text("imageId")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(faces.Select(face => face.Text("person")), Is.All.Null);
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
            json.GetProperty("skipped").EnumerateArray().Select(face => string.Join(' ', face.Texts("reasons"))),
            Is.EqualTo(new[] { "LOW_SHARPNESS EXTREME_POSE", "SMALL_BOUNDING_BOX" }));
        Assert.That(json.GetProperty("skipped")[0].GetProperty("quality").GetProperty("yaw").GetSingle(), Is.EqualTo(80));
    }

    [TestCase("sharpness=3", "", "LOW_SHARPNESS")]
    [TestCase("size=20", "?quality=low", "SMALL_BOUNDING_BOX")]
    [TestCase("brightness=5 score=0.1", "?quality=low", "LOW_BRIGHTNESS", "LOW_CONFIDENCE")]
    [TestCase("sharpness=60", "?quality=medium", "LOW_SHARPNESS")]
    [TestCase("brightness=200", "?quality=high", "HIGH_BRIGHTNESS")]
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

    // The stand-in's second face is at 10,20 and 99 pixels wide, the first at 0,20 and 100.
    [TestCase("10,20,99,99", 5f)]
    [TestCase("0,20,100,100", 1f)]
    [TestCase("-30,-30,80,80", 1f)]
    public async Task TargetBox_ChoosesTheFaceThatOverlapsMost(string box, float number)
    {
        var response = await Client.PostPictureAsync(
            $"{Faces}?targetBox={box}", StandInEncoders.Picture("size0=100", 1f, 5f));
        var json = await response.ReadJsonAsync();

        var face = await GetAsync(json.GetProperty("faces")[0].Text("faceId")!, "?embedding=true");
        Assert.That(face.GetProperty("embedding")[0].GetSingle(), Is.EqualTo(number));
        Assert.That(json.GetProperty("skipped")[0].Texts("reasons"), Is.EqualTo(new[] { "OUTSIDE_TARGET_BOX" }));
    }

    [Test]
    public async Task TargetBox_NothingThere_IsRefused() => await AssertProblemAsync(
        await Client.PostPictureAsync(Faces + "?targetBox=500,400,20,20", StandInEncoders.Picture(1f)),
        HttpStatusCode.UnprocessableEntity,
        "no-face-in-target-box");

    [TestCase("targetBox=1,2,3", "targetBox")]
    [TestCase("targetBox=a,b,c,d", "targetBox")]
    [TestCase("targetBox=1,2,0,4", "targetBox")]
    [TestCase("targetBox=1,2,3,4&faces=all", "targetBox")]
    [TestCase("externalId=x&faces=all", "externalId")]
    [TestCase("faces=some", "faces")]
    [TestCase("quality=best", "quality")]
    [TestCase("quality=7", "quality")]
    [TestCase("nearDuplicates=maybe", "nearDuplicates")]
    [TestCase("person=LONG", "person")]
    [TestCase("externalId=LONG", "externalId")]
    [TestCase("tags=LONG", "tags")]
    [TestCase("tags=0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w", "tags")]
    public async Task WrongParameter_NamesTheField(string query, string field)
    {
        var problem = await AssertProblemAsync(
            await Client.PostPictureAsync($"{Faces}?{query.Replace("LONG", new string('x', 201))}", StandInEncoders.Picture(1f)),
            HttpStatusCode.BadRequest,
            "invalid-request");

        Assert.That(problem.GetProperty("errors").EnumerateObject().Select(error => error.Name), Is.EqualTo(new[] { field }));
    }

    [Test]
    public async Task Fields_InTheQuery_AreStored()
    {
        var id = await EnrolOneAsync(
            StandInEncoders.Picture(1f), "?person=Grace%20Hopper&externalId=emp-7&tags=staff,%20navy&tags=staff", "Ada_Lovelace_0001.jpg");

        var face = await GetAsync(id);
        Assert.That(face.Text("person"), Is.EqualTo("Grace Hopper"));
        Assert.That(face.Text("externalId"), Is.EqualTo("emp-7"));
        Assert.That(face.Texts("tags"), Is.EqualTo(new[] { "navy", "staff" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Fields_InTheForm_AreStoredInAnyOrder(bool before)
    {
        (string, string)[] fields = [("person", " Grace Hopper "), ("externalId", "emp-7"), ("tags", "staff"), ("tags", "navy")];
        var form = Form(StandInEncoders.Picture(1f), before ? fields : []);
        foreach (var (name, value) in before ? [] : fields)
            form.Add(new StringContent(value), name);

        var face = (await (await Client.PostAsync(Faces, form)).ReadJsonAsync()).GetProperty("faces")[0];

        Assert.That(face.Text("person"), Is.EqualTo("Grace Hopper"));
        Assert.That(face.Text("externalId"), Is.EqualTo("emp-7"));
        Assert.That(face.Texts("tags"), Is.EqualTo(new[] { "navy", "staff" }));
    }

    [Test]
    public async Task Fields_InBoth_TheQueryWins()
    {
        var form = Form(StandInEncoders.Picture(1f), ("person", "From The Form"), ("tags", "form"));

        var face = (await (await Client.PostAsync(Faces + "?person=From%20The%20Query", form)).ReadJsonAsync()).GetProperty("faces")[0];

        Assert.That(face.Text("person"), Is.EqualTo("From The Query"));
        Assert.That(face.Texts("tags"), Is.EqualTo(new[] { "form" }));
    }

    [Test]
    public async Task RawBody_TakesTheQuery()
    {
        var response = await Client.PostRawAsync(Faces + "?person=Ada", StandInEncoders.Picture(1f), "image/png");

        Assert.That((await response.ReadJsonAsync()).GetProperty("faces")[0].Text("person"), Is.EqualTo("Ada"));
    }

    [Test]
    public async Task OverlongField_NamesIt()
    {
        var problem = await AssertProblemAsync(
            await Client.PostAsync(Faces, Form(StandInEncoders.Picture(1f), ("tags", new string('x', 9000)))),
            HttpStatusCode.BadRequest,
            "invalid-request");

        Assert.That(problem.GetProperty("errors").TryGetProperty("tags", out _), Is.True);
    }

    [Test]
    public async Task FormOfAHundredFields_IsMalformed() => await AssertProblemAsync(
        await Client.PostAsync(
            Faces, Form(StandInEncoders.Picture(1f), [.. Enumerable.Range(0, 100).Select(_ => ("tags", "x"))])),
        HttpStatusCode.BadRequest,
        "malformed-body");

    [Test]
    public async Task SamePicture_NamesTheEnrolledFace()
    {
        var id = await EnrolOneAsync(StandInEncoders.Picture(1f));

        var problem = await AssertProblemAsync(
            await Client.PostPictureAsync(Faces, StandInEncoders.Picture(1f)), HttpStatusCode.Conflict, "duplicate-picture");

        Assert.That(problem.Text("faceId"), Is.EqualTo(id));
    }

    [TestCase("")]
    [TestCase("?nearDuplicates=warn")]
    public async Task NearDuplicate_Warn_IsEnrolledWithAWarning(string query)
    {
        var first = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");

        var json = await (await Client.PostPictureAsync(Faces + query, StandInEncoders.Picture(1.125f))).ReadJsonAsync();
        var warning = json.GetProperty("warnings").EnumerateArray().Single();

        Assert.That(warning.Text("code"), Is.EqualTo("near-duplicate"));
        Assert.That(warning.Text("enrolledFaceId"), Is.EqualTo(first));
        Assert.That(warning.Text("faceId"), Is.EqualTo(json.GetProperty("faces")[0].Text("faceId")));
        Assert.That(warning.Text("person"), Is.EqualTo("Ada"));
        Assert.That(warning.GetProperty("distance").GetSingle(), Is.EqualTo(0.125f));
        Assert.That(warning.Text("detail"), Is.EqualTo("Already enrolled as Ada at distance 0.125."));
        Assert.That(await ListIdsAsync(), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task NearDuplicate_Refuse_IsRefusedNamingTheFace()
    {
        var first = await EnrolOneAsync(StandInEncoders.Picture(1f));

        var problem = await AssertProblemAsync(
            await Client.PostPictureAsync(Faces + "?nearDuplicates=refuse", StandInEncoders.Picture(1.125f)),
            HttpStatusCode.Conflict,
            "near-duplicate");

        Assert.That(problem.Text("faceId"), Is.EqualTo(first));
        Assert.That(problem.GetProperty("distance").GetSingle(), Is.EqualTo(0.125f));
        Assert.That(problem.Text("detail"), Does.StartWith($"Already enrolled as face {first} at distance 0.125."));
        Assert.That(await ListIdsAsync(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task NearDuplicate_RefuseOfAll_TheOthersAreEnrolled()
    {
        await EnrolOneAsync(StandInEncoders.Picture(1f));

        var json = await (await Client.PostPictureAsync(
            Faces + "?nearDuplicates=refuse&faces=all", StandInEncoders.Picture(1.125f, 5f))).ReadJsonAsync();

        Assert.That(json.GetProperty("faces").GetArrayLength(), Is.EqualTo(1));
        Assert.That(json.GetProperty("faces")[0].GetProperty("box").GetProperty("width").GetInt32(), Is.EqualTo(99));
        Assert.That(json.GetProperty("skipped")[0].Texts("reasons"), Is.EqualTo(new[] { "NEAR_DUPLICATE" }));
    }

    [TestCase("?nearDuplicates=ignore", 1.125f)]
    [TestCase("?nearDuplicates=warn", 1.5f)]
    [TestCase("?nearDuplicates=refuse", 1.5f)]
    public async Task NearDuplicate_IgnoredOrFar_IsEnrolledWithoutAWarning(string query, float number)
    {
        await EnrolOneAsync(StandInEncoders.Picture(1f));

        var json = await (await Client.PostPictureAsync(Faces + query, StandInEncoders.Picture(number))).ReadJsonAsync();

        Assert.That(json.GetProperty("faces").GetArrayLength(), Is.EqualTo(1));
        Assert.That(json.GetProperty("warnings").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task ExternalId_Taken_NamesTheFace()
    {
        var first = await EnrolOneAsync(StandInEncoders.Picture(1f), "?externalId=a");

        var problem = await AssertProblemAsync(
            await Client.PostPictureAsync(Faces + "?externalId=a", StandInEncoders.Picture(5f)),
            HttpStatusCode.Conflict,
            "external-id-taken");

        Assert.That(problem.Text("faceId"), Is.EqualTo(first));
    }

    [Test]
    public async Task ExternalId_ManyAtOnce_OneIsEnrolled()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            i => Client.PostPictureAsync(Faces + "?externalId=a&person=Ada", StandInEncoders.Picture($"{i}", i))));

        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.Created), Is.EqualTo(1));
        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.Conflict), Is.EqualTo(11));
        Assert.That(await ListIdsAsync(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task UnknownCollection_IsNotFound() => await AssertProblemAsync(
        await Client.PostPictureAsync("/v1/collections/nowhere/faces", StandInEncoders.Picture(1f)),
        HttpStatusCode.NotFound,
        "collection-not-found");
}
