using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;

namespace FaceSearch.Api.Tests.Enrolment;

/// <summary>What is checked before an archive is received. With the real web server, because it reads the body.</summary>
[Category("Fault-B11")]
internal sealed class ArchiveAdmissionTests
{
    private const int FolderBytes = 200_000;

    private static readonly string[] Routes =
        ["/add_faces_in_bulk", "/v1/collections/default/jobs", "/v1/collections/default/import"];

    private TestServer server;
    private Uri? address;
    private string key;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        server = new TestServer("Production");
        server.Settings["Enrolment:MaxUploadFolderBytes"] = $"{FolderBytes}";
        server.UseKestrel(0);
        using var ready = server.CreateClient();
        address = ready.BaseAddress;
        key = await server.IssueKeyAsync(AccessScopes.All);
        using var admin = CountedBody.ClientOf(address, key);
        using var json = new StringContent("""{"name":"other"}""", System.Text.Encoding.UTF8, "application/json");
        (await admin.PostAsync("/v1/collections", json)).EnsureSuccessStatusCode();
        Directory.CreateDirectory(server.UploadFolder);
    }

    [OneTimeTearDown]
    public void Stop() => server.Dispose();

    [TearDown]
    public void EmptyTheFolder()
    {
        foreach (var file in Directory.EnumerateFiles(server.UploadFolder))
            File.Delete(file);
    }

    [TestCaseSource(nameof(Routes))]
    public async Task KeyOfAnotherCollection_IsRefusedUnread(string route) => Assert.That(
        await PostAsync(route, Zip(), await server.IssueKeyAsync(AccessScopes.All, null, "other")),
        Is.EqualTo((HttpStatusCode.Forbidden, "forbidden", 0)));

    [Test]
    public async Task UnknownCollection_IsRefusedUnread() => Assert.That(
        await PostAsync("/v1/collections/unknown/jobs", Zip(), key),
        Is.EqualTo((HttpStatusCode.NotFound, "collection-not-found", 0)));

    [Test]
    public async Task ImportIntoAnInvalidName_IsRefusedUnread() => Assert.That(
        await PostAsync("/v1/collections/No/import", Zip(), key),
        Is.EqualTo((HttpStatusCode.BadRequest, "invalid-request", 0)));

    [TestCaseSource(nameof(Routes))]
    public async Task ArchiveLargerThanTheRoom_IsRefusedUnread(string route)
    {
        Fill(FolderBytes - CountedBody.NeverSentUnread + 1);

        Assert.That(await PostAsync(route, Zip(), key), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "storage-full", 0)));
    }

    [TestCaseSource(nameof(Routes))]
    public async Task ArchiveOfUnknownLength_IsRefusedAndDeleted(string route)
    {
        Fill(FolderBytes - CountedBody.NeverSentUnread + 1);

        var (status, problem, _) = await PostAsync(route, Zip(isMeasured: false), key);

        Assert.That((status, problem), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "storage-full")));
        Assert.That(Directory.EnumerateFiles(server.UploadFolder).Select(Path.GetFileName), Is.EqualTo(["kept.zip"]));
    }

    [TestCaseSource(nameof(Routes))]
    public async Task ArchiveThatFits_IsReceived(string route)
    {
        Fill(FolderBytes - CountedBody.NeverSentUnread);

        var (_, problem, sent) = await PostAsync(route, Zip(), key);

        Assert.That(problem, Is.Not.EqualTo("storage-full"));
        Assert.That(sent, Is.EqualTo(CountedBody.NeverSentUnread));
    }

    [TestCaseSource(nameof(Routes))]
    public async Task PartBeforeTheFile_EndsTheReading(string route)
    {
        const string Part = "--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n";
        var body = new CountedBody(Part, 100_000, "\r\n--b--\r\n", "multipart/form-data; boundary=b", isMeasured: false);

        var (status, problem, _) = await PostAsync(route, body, key);

        Assert.That((status, problem), Is.EqualTo((HttpStatusCode.BadRequest, "unknown-parameter")));
    }

    private async Task<(HttpStatusCode Status, string Problem, int Sent)> PostAsync(string route, CountedBody body, string secret)
    {
        using var client = CountedBody.ClientOf(address, secret);
        using var answer = await client.PostAsync(route, body);
        return (answer.StatusCode, await answer.ReadProblemAsync(), body.Sent);
    }

    private void Fill(int bytes) => File.WriteAllBytes(Path.Combine(server.UploadFolder, "kept.zip"), new byte[bytes]);

    private static CountedBody Zip(bool isMeasured = true) =>
        new("", CountedBody.NeverSentUnread, "", "application/zip", isMeasured);
}
