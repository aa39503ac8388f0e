using System.Net;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http;

/// <summary>Invalid requests get a problem each, and the server continues to work.</summary>
internal sealed class UploadTests
{
    private static readonly string[] Routes = ["/search_faces/", "/add_face/", "/add_faces_in_bulk/"];

    private TestServer server;
    private HttpClient client;

    [OneTimeSetUp]
    public void Start()
    {
        server = new TestServer();
        server.Settings["Enrolment:MaxPictureBytes"] = "100000";
        client = server.CreateClient();
    }

    [OneTimeTearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [TearDown]
    public async Task TheServerGoesOn() =>
        Assert.That(
            (await client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f))).StatusCode,
            Is.EqualTo(HttpStatusCode.OK));

    [TestCaseSource(nameof(Routes))]
    public async Task RequestWithoutBody_IsMissingFile(string route) =>
        await AssertProblemAsync(await client.PostAsync(route, null), HttpStatusCode.BadRequest, "missing-file");

    [TestCaseSource(nameof(Routes))]
    public async Task WrongField_IsUnknownParameter(string route) =>
        await AssertProblemAsync(
            await client.PostPictureAsync(route, StandInEncoders.Picture(1f), field: "photo"),
            HttpStatusCode.BadRequest,
            "unknown-parameter");

    [TestCaseSource(nameof(Routes))]
    public async Task Json_IsUnsupportedContentType(string route) =>
        await AssertProblemAsync(
            await client.PostRawAsync(route, Encoding.UTF8.GetBytes("{}"), "application/json"),
            HttpStatusCode.UnsupportedMediaType,
            "unsupported-content-type");

    [TestCaseSource(nameof(Routes))]
    public async Task BodyWithoutAType_IsUnsupportedContentType(string route)
    {
        var content = new ByteArrayContent(StandInEncoders.Picture(1f));

        await AssertProblemAsync(
            await client.PostAsync(route, content), HttpStatusCode.UnsupportedMediaType, "unsupported-content-type");
    }

    [TestCaseSource(nameof(Routes))]
    public async Task MultipartWithoutBoundary_IsMalformed(string route) =>
        await AssertProblemAsync(
            await client.PostRawAsync(route, [1, 2, 3], "multipart/form-data"),
            HttpStatusCode.BadRequest,
            "malformed-body");

    [Test, Combinatorial, Category("Fault-B12")]
    public async Task MultipartWithALongBoundary_IsMalformed(
        [Values("/search_faces", "/v1/verify", "/add_faces_in_bulk", "/get_face_info")] string route,
        [Values(129, 4_089, 16_384, 20_000)] int length) =>
        await AssertProblemAsync(
            await client.PostRawAsync(route, [1, 2, 3], $"multipart/form-data; boundary={new string('b', length)}"),
            HttpStatusCode.BadRequest,
            "malformed-body");

    [TestCaseSource(nameof(Routes))]
    public async Task MultipartCutOff_IsMalformed(string route)
    {
        var body = Encoding.UTF8.GetBytes(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.png\"\r\n\r\nFACES 1");

        await AssertProblemAsync(
            await client.PostRawAsync(route, body, "multipart/form-data; boundary=b"),
            HttpStatusCode.BadRequest,
            "malformed-body");
    }

    [TestCase("/search_faces/")]
    [TestCase("/add_face/")]
    public async Task TooManyBytes_Is413(string route) =>
        await AssertProblemAsync(
            await client.PostPictureAsync(route, new byte[100_001]),
            HttpStatusCode.RequestEntityTooLarge,
            "file-too-large");

    [TestCase("/search_faces/")]
    [TestCase("/add_face/")]
    public async Task Text_Is415(string route) =>
        await AssertProblemAsync(
            await client.PostPictureAsync(route, Encoding.UTF8.GetBytes("just text"), "text.jpg"),
            HttpStatusCode.UnsupportedMediaType,
            "not-a-picture");

    [Test]
    public async Task UnknownRoute_IsAProblem()
    {
        var response = await client.GetAsync("/nowhere");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
    }

    [Test]
    public async Task WrongMethod_Is405()
    {
        var response = await client.GetAsync("/search_faces/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
    }

    [TestCase("Ada_Lovelace_0001.png", "Ada Lovelace")]
    [TestCase("../../../Ada_Lovelace_0002.png", "Ada Lovelace")]
    [TestCase("Jörg_Müller_0003.png", "Jörg Müller")]
    public async Task FileName_GivesThePerson(string fileName, string person)
    {
        var response = await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(fileName, 1f), fileName);

        var face = (await response.ReadJsonAsync()).GetProperty("face");
        Assert.That(face.GetProperty("person").GetString(), Is.EqualTo(person));
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = await response.ReadJsonAsync();

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo("urn:facesearch:problem:" + code));
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo((int)status));
        Assert.That(problem.GetProperty("title").GetString(), Is.Not.Empty);
        Assert.That(problem.GetProperty("detail").GetString(), Is.Not.Empty);
        Assert.That(problem.GetProperty("traceId").GetString(), Is.Not.Empty);
    }
}
