using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>POST /v1/collections/{collection}/faces: its parameters and fields, and faces that are enrolled already.</summary>
internal sealed class FacesEnrolTests : FacesFixture
{
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
        Assert.That(warning.Text("detail"), Is.EqualTo($"Already enrolled as face {first} at distance 0.125."));
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
        Assert.That(json.GetProperty("refused")[0].Texts("reasons"), Is.EqualTo(new[] { "near-duplicate" }));
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
