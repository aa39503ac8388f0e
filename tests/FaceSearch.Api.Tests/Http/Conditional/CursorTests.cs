using System.Net;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Conditional;

/// <summary>A cursor goes on with the list and the filters that it comes from, and with nothing else.</summary>
[Category("Fault-E3")]
internal sealed class CursorTests : FacesFixture
{
    private string Persons => $"/v1/collections/{CollectionName}/persons";

    [Test]
    public async Task Cursor_OfAnotherList_IsRefusedNamingIt()
    {
        var cursor = await EnrolAndListAsync();

        Assert.That(await FaultAsync($"{Persons}?cursor={cursor}"), Does.Contain("a list of faces").And.Contain("a list of persons"));
        Assert.That(await FaultAsync($"/v1/keys?cursor={cursor}"), Does.Contain("a list of faces"));
        Assert.That(await FaultAsync($"/v1/jobs?cursor={cursor}"), Does.Contain("a list of faces"));
        Assert.That(await FaultAsync($"/v1/audit?cursor={cursor}"), Does.Contain("a list of faces"));
        Assert.That(await FaultAsync($"/v1/collections?cursor={cursor}"), Does.Contain("a list of faces"));
    }

    [Test]
    public async Task Cursor_OfOtherFilters_IsRefused()
    {
        var cursor = await EnrolAndListAsync();

        Assert.That(await FaultAsync($"{Faces}?tag=red&cursor={cursor}"), Does.Contain("other parameters"));
        Assert.That(await FaultAsync($"/v1/collections/default/faces?cursor={cursor}"), Does.Contain("other parameters"));
        Assert.That((await Client.GetAsync($"{Faces}?limit=7&cursor={cursor}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("7")]
    [TestCase("<script>\n0\n7")]
    [TestCase("faces\n0")]
    public async Task Cursor_OfNoList_IsRefusedWithoutItsText(string text) => Assert.That(
        await FaultAsync($"{Faces}?cursor={Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=')}"),
        Is.EqualTo("cursor is the 'nextCursor' of an earlier answer to the same list request."));

    private async Task<string> EnrolAndListAsync()
    {
        await EnrolOneAsync(StandInEncoders.Picture(1f), "?person=Ada");
        await EnrolOneAsync(StandInEncoders.Picture(9f), "?person=Grace");
        return (await (await Client.GetAsync($"{Faces}?limit=1")).ReadJsonAsync()).Text("nextCursor")!;
    }

    private async Task<string> FaultAsync(string path)
    {
        var problem = await AssertProblemAsync(await Client.GetAsync(path), HttpStatusCode.BadRequest, "invalid-request");
        return problem.GetProperty("errors").Texts("cursor").Single();
    }
}
