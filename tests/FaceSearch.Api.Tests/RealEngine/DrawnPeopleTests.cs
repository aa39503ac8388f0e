using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.RealEngine;

/// <summary>
/// All steps from picture to match, with drawn people and every available profile. Two drawn strangers may be within the
/// default tolerance, so searches set their own.
/// </summary>
[TestFixtureSource(typeof(TestEngine), nameof(TestEngine.Profiles))]
internal sealed class DrawnPeopleTests(string profile) : RealEngineFixture(profile)
{
    private static readonly IReadOnlyList<DrawnPerson> People = DrawnPerson.Take(8);

    [Test]
    public async Task FourRoutes_EnrolAndFindEachPerson()
    {
        var added = await PostAsync("/add_face/", People[0].Picture(), People[0].FileName(), HttpStatusCode.Created);
        var zip = Archives.Zip(
            [.. People.Skip(1).Select(person => (person.FileName(), person.Picture())), ("text.jpg", "no picture"u8.ToArray())]);
        var bulk = await PostAsync("/add_faces_in_bulk/", zip, "people.zip");
        var again = await PostAsync("/add_faces_in_bulk/", zip, "people.zip");

        Assert.That(bulk.GetProperty("inserted").GetInt32(), Is.EqualTo(People.Count - 1));
        Assert.That(bulk.GetProperty("failures")[0].Text("reason"), Is.EqualTo("not-a-picture"));
        Assert.That(again.GetProperty("duplicates").GetInt32(), Is.EqualTo(People.Count - 1));
        foreach (var person in People)
            Assert.That(Nearest(FacesOf(await PostAsync("/search_faces/?k=1&tolerance=0.5", person.Picture(0.4)))[0]), Is.EqualTo(person.Name));

        var info = await Client.PostAsync("/get_face_info/", new FormUrlEncodedContent(
            [new("image_id", added.GetProperty("face").Text("imageId"))]));
        Assert.That((await info.ReadJsonAsync()).Text("model"), Is.EqualTo(added.Text("model")));
    }

    [Test]
    public async Task Collection_EnrolSearchGroupAndErase()
    {
        var collection = await AddCollectionAsync("people");
        foreach (var person in People.Take(3))
            await PostAsync($"{collection}/faces", person.Picture(), person.FileName(), HttpStatusCode.Created);

        var group = DrawnPerson.Group(0.3, (People[0], 300), (People[5], 300), (People[2], 300));
        var faces = FacesOf(await PostAsync($"{collection}/search?k=1&tolerance=0.3", group));
        Assert.That(
            faces.OrderBy(face => face.GetProperty("box").GetProperty("x").GetInt32()).Select(Nearest),
            Is.EqualTo(new[] { People[0].Name, null, People[2].Name }));

        var persons = await (await Client.GetAsync($"{collection}/persons")).ReadJsonAsync();
        var first = persons.GetProperty("persons").EnumerateArray().Single(person => person.Text("name") == People[0].Name);
        (await Client.DeleteAsync($"{collection}/persons/{first.Text("personId")}")).EnsureSuccessStatusCode();
        var gone = FacesOf(await PostAsync($"{collection}/search?k=1&tolerance=0.3", People[0].Picture()));
        Assert.That(gone.Select(Nearest), Is.EqualTo(new string?[] { null }));
    }

    [Test]
    public async Task Verify_TwoPictures_TellsWhetherOnePerson()
    {
        Assert.That((await VerifyAsync(People[0])).GetProperty("match").GetBoolean(), Is.True);
        Assert.That((await VerifyAsync(People[1])).GetProperty("match").GetBoolean(), Is.False);
    }

    private async Task<JsonElement> VerifyAsync(DrawnPerson other)
    {
        var response = await Client.PostAsync("/v1/verify?tolerance=0.35", new MultipartFormDataContent
        {
            { new ByteArrayContent(People[0].Picture(-0.3)), "first", "a.jpg" },
            { new ByteArrayContent(other.Picture(0.3)), "second", "b.jpg" },
        });
        return await response.ReadJsonAsync();
    }
}
