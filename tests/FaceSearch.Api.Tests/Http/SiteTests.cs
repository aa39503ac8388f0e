using System.Net;
using FaceSearch.Api.Tests.Support;
using Microsoft.AspNetCore.Hosting;

namespace FaceSearch.Api.Tests.Http;

/// <summary>The serving of the web page; web/test.sh tests the page itself in a browser.</summary>
public sealed class SiteTests
{
    private const string Script = "/assets/index-1a2b3c.js";

    private string folder = null!;
    private TestServer server = null!;
    private HttpClient client = null!;

    [OneTimeSetUp]
    public void Start()
    {
        folder = Directory.CreateTempSubdirectory("facesearch-site-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "assets"));
        File.WriteAllText(Path.Combine(folder, "index.html"), "<!doctype html>");
        File.WriteAllText(folder + Script, "plain");
        File.WriteAllText(folder + Script + ".br", "brotli");
        File.WriteAllText(folder + Script + ".gz", "gzip");

        server = new TestServer("Production") { Settings = { [WebHostDefaults.WebRootKey] = folder } };
        client = server.CreateClient();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Root_WithoutKey_IsThePage()
    {
        using var response = await client.GetAsync("/");

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/html; charset=utf-8"));
            Assert.That(response.Headers.CacheControl!.NoCache, Is.True);
            Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'self'").And.Not.Contain("unsafe"));
            Assert.That(response.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"));
            Assert.That(response.Headers.GetValues("Referrer-Policy").Single(), Is.EqualTo("no-referrer"));
        });
    }

    [Test]
    public async Task Root_Unchanged_IsNotSentAgain()
    {
        using var first = await client.GetAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.SendAsync(request);

        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.NotModified));
    }

    [TestCase("br, gzip", "brotli", "br")]
    [TestCase("gzip, deflate", "gzip", "gzip")]
    [TestCase("br;q=0, gzip", "gzip", "gzip")]
    [TestCase("", "plain", null)]
    public async Task Asset_HasAnEncodingTheBrowserAccepts(string accepted, string content, string? encoding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Script);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.Content.ReadAsStringAsync().Result, Is.EqualTo(content));
            Assert.That(response.Content.Headers.ContentEncoding.SingleOrDefault(), Is.EqualTo(encoding));
            Assert.That(response.Headers.Vary, Is.EqualTo(new[] { "Accept-Encoding" }));
            Assert.That(response.Headers.CacheControl!.ToString(), Does.Contain("immutable").And.Contain("max-age=31536000"));
        });
    }

    [Test]
    public async Task Asset_EachEncoding_HasItsOwnTag()
    {
        var tags = new List<string>();
        foreach (var accepted in new[] { "br", "gzip", "identity" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, Script);
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
            using var response = await client.SendAsync(request);
            Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/javascript; charset=utf-8"));
            tags.Add(response.Headers.ETag!.Tag);
        }

        Assert.That(tags, Is.Unique);
    }

    [TestCase("/assets/../index.html.br")]
    [TestCase("/assets/index-1a2b3c.js.br")]
    [TestCase("/nothing.js")]
    [TestCase("/%2500")]
    [TestCase("/assets/index%252D1a2b3c.js")]
    public async Task Root_OtherPaths_AreNotServed(string path)
    {
        using var response = await client.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Root_Post_IsNotThePage()
    {
        using var response = await client.PostAsync("/", null);

        Assert.That(response.IsSuccessStatusCode, Is.False);
    }

    [Test]
    public async Task Root_PageNotBuilt_SaysWhatIsMissing()
    {
        using var bare = new TestServer { Settings = { [WebHostDefaults.WebRootKey] = Path.Combine(folder, "assets") } };
        using var response = await bare.CreateClient().GetAsync("/");

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/html; charset=utf-8"));
            Assert.That(response.Content.ReadAsStringAsync().Result, Does.Contain("Node.js").And.Contain("href=\"/docs\""));
        });
    }
}
