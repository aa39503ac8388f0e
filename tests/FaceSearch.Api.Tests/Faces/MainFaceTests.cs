using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Enrolment;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>Where one face is taken it is the main face, which need not be the first or the largest.</summary>
internal sealed class MainFaceTests : FacesFixture
{
    /// <summary>The stand-in's first face is in the middle, and tiny here. So its second is the main face.</summary>
    private const string SecondIsMain = "size0=20";

    [Test]
    public async Task Enrol_TakesTheMainFace_AndListsTheOthers()
    {
        foreach (var query in new[] { "?nearDuplicates=ignore", "?faces=main&nearDuplicates=ignore", "?faces=largest&nearDuplicates=ignore" })
        {
            var json = await PostAsync(Faces + query, Picture(query, 1f, 5f));

            Assert.That(Flags(json.GetProperty("faces")), Is.EqualTo(new[] { true }), query);
            Assert.That(await NumberOfAsync(json.GetProperty("faces")[0].Text("faceId")!), Is.EqualTo(5f));
            Assert.That(Flags(json.GetProperty("refused")), Is.EqualTo(new[] { false }));
            Assert.That(json.GetProperty("refused")[0].Texts("reasons"), Is.EqualTo(new[] { "exceeds-max-faces" }));
        }
    }

    [Test]
    public async Task Enrol_All_SaysWhichIsMain()
    {
        var json = await PostAsync(Faces + "?faces=all&quality=none", Picture("all", 1f, 5f));

        Assert.That(Flags(json.GetProperty("faces")), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public async Task Face_OfAList_DoesNotSayWhetherItIsMain()
    {
        var face = await EnrolOneAsync(StandInEncoders.Picture(1f));

        Assert.That((await GetAsync(face)).TryGetProperty("main", out _), Is.False);
    }

    [Test]
    public async Task AddFace_TakesTheMainFace()
    {
        var json = await PostAsync("/add_face/", Picture("add", 1001f, 1005f));
        var found = await PostAsync("/search_faces/", StandInEncoders.Picture("probe", 1001f, 1005f));

        Assert.That(json.GetProperty("face").GetProperty("main").GetBoolean(), Is.True);
        Assert.That(json.GetProperty("skipped").GetArrayLength(), Is.EqualTo(1));
        Assert.That(
            found.GetProperty("faces").EnumerateArray().Select(face => face.GetProperty("matches").GetArrayLength()), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public async Task Bulk_TakesTheMainFaceOfEachPicture()
    {
        var zip = Archives.Zip(("a/1.png", Picture("bulk", 2001f, 2005f)));

        await Client.PostAsync("/add_faces_in_bulk/", new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "f.zip" } });

        var stored = await UseDatabaseAsync(db => db.EnrolmentItems.AsNoTracking()
            .Where(item => item.Outcome == EnrolmentOutcome.Inserted && item.Name == "a/1.png")
            .Select(item => db.Faces.Single(face => face.ImageId == item.ImageId).Id).SingleAsync());
        var face = await (await Client.GetAsync($"/v1/collections/default/faces/{stored}?embedding=true")).ReadJsonAsync();
        Assert.That(face.GetProperty("embedding")[0].GetSingle(), Is.EqualTo(2005f));
    }

    [TestCase("/v1/detect")]
    [TestCase("/search_faces/")]
    [TestCase("/v1/collections/default/search")]
    public async Task Faces_OfAPicture_OneIsMain(string call)
    {
        Assert.That(Flags((await PostAsync(call, StandInEncoders.Picture(1f, 5f))).GetProperty("faces")), Is.EqualTo(new[] { true, false }));
        Assert.That(Flags((await PostAsync(call, Picture("", 1f, 5f))).GetProperty("faces")), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public async Task Verify_ComparesTheMainFaces_AndListsTheOthers()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Picture("", 1f, 5f)), "first", "a.png" },
            { new ByteArrayContent(StandInEncoders.Picture(5.25f)), "second", "b.png" },
        };

        var json = await (await Client.PostAsync("/v1/verify", form)).ReadJsonAsync();

        Assert.That(json.GetProperty("distance").GetSingle(), Is.EqualTo(0.25f).Within(1e-6));
        Assert.That(json.GetProperty("first").GetProperty("main").GetBoolean(), Is.True);
        Assert.That(json.GetProperty("first").GetProperty("otherFaces")[0].GetProperty("box").GetProperty("width").GetInt32(), Is.EqualTo(20));
        Assert.That(json.GetProperty("second").GetProperty("otherFaces").GetArrayLength(), Is.Zero);
    }

    private static byte[] Picture(string note, params float[] faces) => StandInEncoders.Picture($"{SecondIsMain} {note}", faces);

    private async Task<JsonElement> PostAsync(string call, byte[] picture)
    {
        var answer = await Client.PostPictureAsync(call, picture);
        var json = await answer.ReadJsonAsync();
        Assert.That(answer.IsSuccessStatusCode, Is.True, json.ToString());
        return json;
    }

    private async Task<float> NumberOfAsync(string face) =>
        (await GetAsync(face, "?embedding=true")).GetProperty("embedding")[0].GetSingle();

    private static IEnumerable<bool> Flags(JsonElement faces) =>
        faces.EnumerateArray().Select(face => face.GetProperty("main").GetBoolean());
}
