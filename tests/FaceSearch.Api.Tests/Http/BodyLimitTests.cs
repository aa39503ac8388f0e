using System.Net;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Api.Tests.Access;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;

namespace FaceSearch.Api.Tests.Http;

/// <summary>With the real web server, because it stops the reading.</summary>
internal sealed class BodyLimitTests
{
    private const int MaxPictureBytes = 100_000;
    private const int MaxArchiveBytes = 200_000;

    private static readonly DocumentedAccess[] WithoutFile =
        [.. AccessTable.Rows.Where(row => row.Body is Body.Json or Body.ImageIdForm)];

    private static readonly DocumentedAccess[] WithFile =
        [.. AccessTable.Rows.Where(row => row.Body is Body.Picture or Body.TwoPictures or Body.Zip)];

    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = new TestServer("Production");
        server.Settings["Enrolment:MaxPictureBytes"] = $"{MaxPictureBytes}";
        server.Settings["Enrolment:MaxArchiveBytes"] = $"{MaxArchiveBytes}";
        server.UseKestrel(0);
        using var ready = server.CreateClient();
        client = CountedBody.ClientOf(ready.BaseAddress, await server.IssueKeyAsync(AccessScopes.All));
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [TestCaseSource(nameof(WithoutFile)), Category("Fault-A11")]
    public async Task BodyWithoutFile_LargerThanItsLimit_IsRefusedUnread(DocumentedAccess row)
    {
        var body = BodyOf(row, BodyLimits.WithoutFile + 1, isMeasured: true);
        using var answer = await SendAsync(row, body);

        await AssertRefusedAsync(answer, "body-too-large", BodyLimits.WithoutFile);
        Assert.That(body.Sent, Is.Zero);
    }

    [TestCaseSource(nameof(WithoutFile)), Category("Fault-A11")]
    public async Task BodyWithoutFile_OfUnknownLength_IsRefusedAtItsLimit(DocumentedAccess row)
    {
        using var answer = await SendAsync(row, BodyOf(row, BodyLimits.WithoutFile + 1, isMeasured: false));

        await AssertRefusedAsync(answer, "body-too-large", BodyLimits.WithoutFile);
    }

    [TestCaseSource(nameof(WithoutFile)), Category("Fault-A11")]
    public async Task BodyWithoutFile_OfItsLimit_IsRead(DocumentedAccess row)
    {
        var body = BodyOf(row, BodyLimits.WithoutFile, isMeasured: true);
        using var answer = await SendAsync(row, body);

        Assert.That((int)answer.StatusCode, Is.AnyOf(400, 404));
        Assert.That(body.Sent, Is.EqualTo(BodyLimits.WithoutFile));
    }

    [TestCaseSource(nameof(WithFile)), Category("Fault-A11")]
    public async Task BodyWithFile_LargerThanItsLimit_IsRefusedUnread(DocumentedAccess row)
    {
        var (files, limit) = row.Body switch
        {
            Body.Picture => (1, MaxPictureBytes),
            Body.TwoPictures => (2, MaxPictureBytes),
            _ => (1, MaxArchiveBytes),
        };
        var body = BodyOf(row, (files * limit) + BodyLimits.Form + 1, isMeasured: true);
        using var answer = await SendAsync(row, body);

        await AssertRefusedAsync(answer, "file-too-large", limit);
        Assert.That(body.Sent, Is.Zero);
    }

    [Test, Category("Fault-A11")]
    public void Table_HasBothKinds() =>
        Assert.That((WithoutFile.Length, WithFile.Length), Is.EqualTo((8, 9)));

    private async Task<HttpResponseMessage> SendAsync(DocumentedAccess row, HttpContent body)
    {
        var (method, path) = (row.Route.Split(' ')[0], row.Route.Split(' ')[1]);
        path = path.Replace("{collection}", "default", StringComparison.Ordinal)
            .Replace("{faceId}", "999999", StringComparison.Ordinal)
            .Replace("{personId}", "999999", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path) { Content = body };
        return await client.SendAsync(request);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, string code, long limit)
    {
        var problem = await answer.ReadJsonAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(problem.GetProperty("type").GetString(), Does.EndWith(":" + code));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain($" {limit} bytes"));
    }

    private static CountedBody BodyOf(DocumentedAccess row, int bytes, bool isMeasured) => row.Body switch
    {
        Body.Json => new CountedBody("""{"embedding":[0.5],"unused":" """, bytes, "\"}", "application/json", isMeasured),
        Body.ImageIdForm => new CountedBody("image_id=", bytes, "", "application/x-www-form-urlencoded", isMeasured),
        Body.Zip => new CountedBody("", bytes, "", "application/zip", isMeasured),
        Body.TwoPictures => new CountedBody("--b\r\n", bytes, "", "multipart/form-data; boundary=b", isMeasured),
        _ => new CountedBody("", bytes, "", "image/png", isMeasured),
    };
}
