using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Limits;

internal sealed class PictureMemoryTests
{
    [Test, Category("Fault-A10")]
    public async Task Search_ThatFindsNoMemoryIn30Seconds_Is503WithRetryAfter()
    {
        using var server = new TestServer();
        using var client = server.CreateClient();
        server.Encoders.Refuse = (_, wait) => wait == PictureWait.Request ? CommonErrors.Busy : null;

        var response = await client.PostPictureAsync("/search_faces", StandInEncoders.Picture(1f));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":busy"));
        Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
    }
}
