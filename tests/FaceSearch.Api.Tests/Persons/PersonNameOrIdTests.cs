using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Persons;

/// <summary>A text that is the id of one person and the name of another.</summary>
[Category("Fault-E4")]
[Category("Fault-F3")]
internal sealed class PersonNameOrIdTests : FacesFixture
{
    [Test]
    public async Task ListFaces_PersonIsAName_AndPersonIdAnId()
    {
        var ada = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");
        var id = (await GetAsync(ada)).Text("personId")!;
        var other = await EnrolOneAsync(StandInEncoders.Picture(2f), $"?person={id}");
        var otherId = (await GetAsync(other)).Text("personId")!;

        Assert.That(await ListIdsAsync($"?person={id}"), Is.EqualTo(new[] { other }));
        Assert.That(await ListIdsAsync($"?personId={id}"), Is.EqualTo(new[] { ada }));
        Assert.That(await ListIdsAsync($"?personId={otherId}"), Is.EqualTo(new[] { other }));
        Assert.That(await ListIdsAsync($"?person={otherId}"), Is.Empty);
        Assert.That(await ListIdsAsync("?personId=x"), Is.Empty);
    }

    [Test]
    public async Task SearchCollection_PersonIsAName_AndPersonIdAnId()
    {
        var ada = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");
        var id = (await GetAsync(ada)).Text("personId")!;
        var other = await EnrolOneAsync(StandInEncoders.Picture(1.1f), $"?person={id}");

        Assert.That(await SearchAsync($"person={id}"), Is.EqualTo(new[] { other }));
        Assert.That(await SearchAsync($"personId={id}"), Is.EqualTo(new[] { ada }));
        Assert.That(await SearchAsync($"personId={id}&person={id}"), Is.EquivalentTo(new[] { ada, other }));
    }

    [Test]
    public async Task ListPersons_ExactName_IsOnePersonOrNone()
    {
        await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");
        await EnrolOneAsync(StandInEncoders.Picture(2f), "?person=Adam");
        var persons = $"/v1/collections/{CollectionName}/persons?exact=true";

        var exact = await (await Client.GetAsync(persons + "&name=Ada")).ReadJsonAsync();
        var none = await (await Client.GetAsync(persons + "&name=Ad")).ReadJsonAsync();

        Assert.That(exact.GetProperty("persons").EnumerateArray().Select(person => person.Text("name")), Is.EqualTo(new[] { "Ada" }));
        Assert.That(none.GetProperty("persons").GetArrayLength(), Is.Zero);
        await AssertProblemAsync(await Client.GetAsync(persons), HttpStatusCode.BadRequest, "invalid-request");
    }

    private async Task<string[]> SearchAsync(string filter)
    {
        var answer = await Client.PostPictureAsync($"/v1/collections/{CollectionName}/search?{filter}", StandInEncoders.Picture(1f));
        var matches = (await answer.ReadJsonAsync()).GetProperty("faces")[0].GetProperty("matches");
        return [.. matches.EnumerateArray().Select(match => match.Text("faceId")!)];
    }
}
