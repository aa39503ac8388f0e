using System.Net;
using FaceSearch.Api.Tests.Access;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Binding;

/// <summary>Without a key, in Development: searching, adding, and following and cancelling a job by its id.</summary>
[Category("Fault-B1")]
internal sealed class AnonymousTests : StrictRequestsFixture
{
    private HttpClient anonymous;

    [OneTimeSetUp]
    public void Connect() => anonymous = Server.CreateClient();

    [OneTimeTearDown]
    public void Disconnect() => anonymous.Dispose();

    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Rows))]
    public async Task Route_WithoutAKey_IsOpenAsTheTableSays(DocumentedAccess row)
    {
        using var request = RequestOf(row);
        using var answer = await anonymous.SendAsync(request);

        if (row.Anonymous || row.Reach == Reach.Open)
            Assert.That((int)answer.StatusCode, Is.Not.AnyOf(401, 403).And.LessThan(500));
        else
            Assert.That(await answer.ReadProblemAsync(), Is.EqualTo("unauthorized"));
    }

    [Test]
    public async Task Job_StartedWithoutAKey_IsFollowedAndCancelledByItsId()
    {
        var started = await anonymous.PostPictureAsync(
            "/v1/collections/default/jobs", Archives.Zip(("b.png", StandInEncoders.Picture(3f))));
        var job = $"/v1/jobs/{(await started.ReadJsonAsync()).Text("jobId")}";

        Assert.That((await anonymous.GetAsync(job)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await anonymous.GetAsync($"{job}/items")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await anonymous.PostAsync($"{job}/cancel", null)).StatusCode, Is.AnyOf(HttpStatusCode.Accepted, HttpStatusCode.Conflict));
        Assert.That((await anonymous.PostAsync($"{job}/retry", null)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await anonymous.GetAsync("/v1/jobs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Faces_WithoutAKey_StayUnchanged()
    {
        var faces = "/v1/collections/default/faces";
        var added = await (await Client.PostPictureAsync(faces, StandInEncoders.Picture(4f))).ReadJsonAsync();
        var face = $"{faces}/{added.GetProperty("faces")[0].Text("faceId")}";

        Assert.That((await anonymous.DeleteAsync(face)).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(
            (await anonymous.PatchAsync(face, AccessRequests.Json("""{"person":"Eve"}"""))).StatusCode,
            Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await (await Client.GetAsync(face)).ReadJsonAsync()).Text("person"), Is.Null);
    }
}
