using System.Net;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Enrolment;

/// <summary>The header Prefer as RFC 7240 has it.</summary>
[Category("Fault-E3")]
internal sealed class PreferTests : BulkEnrolmentFixture
{
    [TestCase(true, "respond-async")]
    [TestCase(true, "Respond-Async; foo=bar")]
    [TestCase(true, "wait=5 , RESPOND-ASYNC ;foo=\"a, b\"")]
    [TestCase(true, "wait=5", "respond-async")]
    [TestCase(true, ";=", "respond-async")]
    [TestCase(false, "respond-asynchronously")]
    [TestCase(false, "foo=\"bar, respond-async\"")]
    [TestCase(false, "foo; respond-async")]
    public async Task RespondAsync_InAnyForm_IsUnderstood(bool isAsked, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/add_faces_in_bulk/");
        request.Content = Form(Archives.Zip(("one.png", StandInEncoders.Picture(1f))));
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation("Prefer", header);

        var response = await Client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(isAsked ? HttpStatusCode.Accepted : HttpStatusCode.OK));
        Assert.That(response.Headers.Contains("Preference-Applied"), Is.EqualTo(isAsked));
    }
}
