using System.Net;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>The rule of names, external ids and tags at every door; <c>FieldText</c> has it.</summary>
[Category("Fault-B7")]
internal sealed class TextFieldTests : FacesFixture
{
    private const string Composed = "Jos\u00E9";
    private const string Decomposed = "Jose\u0301";
    private const string Invisible = "\u202EJos\u200B\u00E9\uFEFF";

    private static int pictures;

    [Test]
    public async Task Person_InAnyForm_IsOnePerson()
    {
        var first = await EnrolOneAsync(NewPicture(), Query("person", Composed));
        await EnrolOneAsync(NewPicture(), Query("person", Decomposed));
        await EnrolOneAsync(NewPicture(), fileName: $"{Decomposed}_0001.png");
        var form = await Client.PostAsync(Faces, Form(NewPicture(), ("person", Invisible)));
        var patched = await EnrolOneAsync(NewPicture());
        var patch = await PatchAsync(patched, JsonSerializer.Serialize(new { person = Decomposed }));
        var bulk = await Client.PostAsync(
            $"/v1/collections/{CollectionName}/jobs",
            new MultipartFormDataContent { { new ByteArrayContent(Archives.Zip(($"{Decomposed}/a.png", NewPicture()))), "file", "a.zip" } });
        await WaitForJobsAsync();

        Assert.That((form.StatusCode, patch.StatusCode, bulk.StatusCode), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Accepted)));
        Assert.That(await NamesAsync(), Is.EqualTo(new[] { Composed }));
        foreach (var name in new[] { Composed, Decomposed, Invisible })
            Assert.That(await ListIdsAsync(Query("person", name)), Has.Length.EqualTo(6).And.Contains(first));
        Assert.That(await PersonsAsync("?name=" + Uri.EscapeDataString(Decomposed)), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Rename_ToAnotherFormOfAName_IsThatName()
    {
        await EnrolOneAsync(NewPicture(), Query("person", Composed));
        await EnrolOneAsync(NewPicture(), Query("person", "Ada"));
        var ada = (await PersonsAsync("?name=Ada"))[0].Text("personId");

        var taken = await RenameAsync(ada!, Decomposed);
        var renamed = await RenameAsync(ada!, " Zoe\u0308\u200B ");

        Assert.That(taken.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await renamed.ReadJsonAsync()).Text("name"), Is.EqualTo("Zo\u00EB"));
    }

    [Test]
    public async Task ExternalIdAndTags_InAnyForm_AreTheSame()
    {
        var first = await EnrolOneAsync(NewPicture(), $"{Query("externalId", Decomposed)}&tags={Uri.EscapeDataString($"{Decomposed},{Composed}")}");
        var second = await EnrolOneAsync(NewPicture());

        var taken = await PatchAsync(second, JsonSerializer.Serialize(new { externalId = Invisible }));
        var tagged = await PatchAsync(second, JsonSerializer.Serialize(new { tags = new[] { Invisible, Decomposed } }));

        await AssertProblemAsync(taken, HttpStatusCode.Conflict, "external-id-taken");
        Assert.That((await tagged.ReadJsonAsync()).Texts("tags"), Is.EqualTo(new[] { Composed }));
        Assert.That((await GetAsync(first)).Texts("tags"), Is.EqualTo(new[] { Composed }));
        Assert.That(await ListIdsAsync(Query("externalId", Invisible)), Is.EqualTo(new[] { first }));
        Assert.That(await ListIdsAsync(Query("tag", Decomposed)), Is.EqualTo(new[] { first, second }));
    }

    [TestCase("\u001B[31m", TestName = "Escape sequence at every door")]
    [TestCase("\u0000", TestName = "NUL at every door")]
    [TestCase("\u0085")]
    [TestCase("\uFFFD")]
    public async Task ControlCharacter_AtEveryDoor_Is400(string character)
    {
        var text = $"A{character}da";
        var face = await EnrolOneAsync(NewPicture(), Query("person", "Ada"));
        var person = (await PersonsAsync())[0].Text("personId")!;

        foreach (var (field, answer) in new[]
        {
            ("person", await Client.PostPictureAsync(Faces + Query("person", text), NewPicture())),
            ("externalId", await Client.PostPictureAsync(Faces + Query("externalId", text), NewPicture())),
            ("tags", await Client.PostPictureAsync(Faces + Query("tags", text), NewPicture())),
            ("person", await Client.PostAsync(Faces, Form(NewPicture(), ("person", text)))),
            ("person", await PatchAsync(face, JsonSerializer.Serialize(new { person = text }))),
            ("externalId", await PatchAsync(face, JsonSerializer.Serialize(new { externalId = text }))),
            ("tags", await PatchAsync(face, JsonSerializer.Serialize(new { tags = new[] { text } }))),
            ("name", await RenameAsync(person, text)),
        })
        {
            var problem = await AssertProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
            Assert.That(problem.GetProperty("errors").TryGetProperty(field, out _), Is.True, problem.ToString());
        }

        Assert.That(await NamesAsync(), Is.EqualTo(new[] { "Ada" }));
    }

    private static byte[] NewPicture() => StandInEncoders.Picture([Interlocked.Increment(ref pictures)]);

    private static string Query(string name, string value) => $"?{name}={Uri.EscapeDataString(value)}";

    private Task<HttpResponseMessage> RenameAsync(string person, string name) => Client.PatchAsync(
        $"/v1/collections/{CollectionName}/persons/{person}",
        new StringContent(JsonSerializer.Serialize(new { name }), Encoding.UTF8, "application/json"));

    private async Task<JsonElement[]> PersonsAsync(string query = "") =>
        [.. (await (await Client.GetAsync($"/v1/collections/{CollectionName}/persons{query}")).ReadJsonAsync()).GetProperty("persons").EnumerateArray()];

    private async Task<string[]> NamesAsync() => [.. (await PersonsAsync()).Select(person => person.Text("name")!)];

    private async Task WaitForJobsAsync() => await Eventually.HoldsAsync(
        () => UseDatabaseAsync(db => db.EnrolmentJobs.AllAsync(job => job.EndedAt != null)));
}
