using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Persons;

/// <summary>A text that is the id of one person and the name of another.</summary>
[Category("Fault-F3")]
internal sealed class PersonNameOrIdTests : FacesFixture
{
    [Test]
    public async Task ListFaces_PersonIsANameAndAnId_IsRefused_AndPersonIdIsNot()
    {
        var ada = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");
        var id = (await GetAsync(ada)).Text("personId")!;
        var other = await EnrolOneAsync(StandInEncoders.Picture(2f), $"?person={id}");
        var otherId = (await GetAsync(other)).Text("personId")!;

        var problem = await AssertProblemAsync(
            await Client.GetAsync($"{Faces}?person={id}"), HttpStatusCode.BadRequest, "invalid-request");

        Assert.That(problem.GetProperty("errors").Texts("person").Single(), Does.Contain($"'{id}'").And.Contain(otherId).And.Contain("'Ada'"));
        Assert.That(await ListIdsAsync($"?personId={id}"), Is.EqualTo(new[] { ada }));
        Assert.That(await ListIdsAsync($"?personId={otherId}"), Is.EqualTo(new[] { other }));
        Assert.That(await ListIdsAsync($"?person={otherId}"), Is.EqualTo(new[] { other }));
        Assert.That(await ListIdsAsync("?personId=x"), Is.Empty);
    }

    [Test]
    public async Task ListFaces_PersonIsTheNameAndIdOfOne_IsThatPerson()
    {
        var face = await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");
        var id = (await GetAsync(face)).Text("personId")!;
        await Client.PatchAsync(
            $"/v1/collections/{CollectionName}/persons/{id}",
            new StringContent($$"""{"name":"{{id}}"}""", System.Text.Encoding.UTF8, "application/json"));

        Assert.That(await ListIdsAsync($"?person={id}"), Is.EqualTo(new[] { face }));
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
}
