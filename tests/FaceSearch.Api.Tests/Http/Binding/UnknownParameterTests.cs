using System.Net;
using FaceSearch.Api.Tests.Access;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Binding;

/// <summary>Unknown names are refused with the nearest known name, and never ignored.</summary>
[Category("Fault-B2")]
internal sealed class UnknownParameterTests : StrictRequestsFixture
{
    private const string Unknown = "zzzz";
    private const string UnclosedBracket = "a[b=1";

    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Operations))]
    public async Task Query_UnknownParameter_IsRefused(DocumentedAccess row)
    {
        using var request = RequestOf(row, $"?{Unknown}=1");
        var problem = await RefusedAsync(request, "unknown-parameter");

        Assert.That(problem.Text("parameter"), Is.EqualTo(Unknown));
        var takesSome = DocumentedCalls.QueryParameters.Any(parameter => parameter.Row == row);
        Assert.That(problem.TryGetProperty("nearest", out _), Is.EqualTo(takesSome));
    }

    [TestCaseSource(typeof(DocumentedCalls), nameof(DocumentedCalls.QueryParameters))]
    public async Task Query_MisspeltParameter_IsAnsweredByTheRightName(DocumentedParameter parameter)
    {
        using var request = RequestOf(parameter.Row, $"?{parameter.Name}q=1");

        await AssertUnknownAsync(request, $"{parameter.Name}q", parameter.Name);
    }

    [TestCaseSource(typeof(DocumentedCalls), nameof(DocumentedCalls.SingleQueryParameters))]
    public async Task Query_SingleParameterGivenTwice_IsRefused(DocumentedParameter parameter)
    {
        using var request = RequestOf(parameter.Row, $"?{parameter.Name}=1&{parameter.Name.ToUpperInvariant()}=1");

        Assert.That(await AssertInvalidAsync(request, parameter.Name), Does.Contain("2 times"));
    }

    [TestCaseSource(typeof(DocumentedCalls), nameof(DocumentedCalls.QueryParameters))]
    public async Task Query_EmptyParameter_IsRefused(DocumentedParameter parameter)
    {
        foreach (var query in new[] { $"?{parameter.Name}", $"?{parameter.Name}=", $"?{parameter.Name}=%20" })
        {
            using var request = RequestOf(parameter.Row, query);
            Assert.That(await AssertInvalidAsync(request, parameter.Name), Does.Contain("no value"), query);
        }
    }

    [TestCase("POST /search_faces", "tolerence=0.4", "tolerance")]
    [TestCase("POST /v1/collections/{collection}/search", "tags=staff", "tag")]
    [TestCase("POST /v1/collections/{collection}/search", "persons=1", "person")]
    [TestCase("GET /v1/collections/{collection}/faces", "tags=staff", "tag")]
    [TestCase("POST /v1/detect", "profil=mobile", "profile")]
    [TestCase("POST /v1/collections/{collection}/reembed", "profil=mobile", "profile")]
    [TestCase("GET /v1/jobs", "colection=other", "collection")]
    [TestCase("GET /v1/audit", "cursor[]=x", "cursor")]
    [TestCase("POST /add_face", "api_key=x", null)]
    [TestCase("POST /add_face", UnclosedBracket, null)]
    public async Task Query_ReportedMisspelling_IsAnsweredByTheRightName(string route, string query, string? nearest)
    {
        using var request = RequestOf(AccessTable.Rows.Single(row => row.Route == route), $"?{query}");

        await AssertUnknownAsync(request, query.Split('=')[0], nearest);
    }

    [TestCase("POST /v1/keys", """{"name":"a","scopes":["admin"],"expires":"2030-01-01T00:00:00Z"}""", "expires", "expiresAt")]
    [TestCase("POST /v1/keys", """{"name":"a","scopes":["admin"],"collection":["default"]}""", "collection", "collections")]
    [TestCase("POST /v1/collections", """{"name":"a","profil":"mobile"}""", "profil", "profile")]
    [TestCase("POST /v1/collections/{collection}/persons/{personId}/merge", """{"personIds":["2"],"dryRun":true}""", "dryRun", "personIds")]
    [TestCase("PATCH /v1/collections/{collection}/faces/{faceId}", """{"tag":["a"]}""", "tag", "tags")]
    [TestCase("POST /v1/collections/{collection}/search/embedding", """{"embedding":[],"tolerance":0.1}""", "tolerance", "tolerance")]
    public async Task Json_UnknownMember_IsAnsweredByTheRightName(string route, string json, string name, string nearest)
    {
        using var request = RequestOf(AccessTable.Rows.Single(row => row.Route == route));
        request.Content = AccessRequests.Json(json);

        await AssertUnknownAsync(request, name, nearest);
    }

    [TestCaseSource(nameof(OfJson))]
    public async Task Json_UnknownOrRepeatedMember_IsRefused(DocumentedAccess row)
    {
        var (member, rest) = (row.Json[1..].Split(':')[0].Trim('"'), row.Json[1..]);
        using var unknown = RequestOf(row);
        unknown.Content = AccessRequests.Json($$"""{"{{Unknown}}":{"a":1},{{rest}}""");
        using var twice = RequestOf(row);
        twice.Content = AccessRequests.Json($$"""{"{{member}}":null,{{rest}}""");

        Assert.That((await RefusedAsync(unknown, "unknown-parameter")).Text("parameter"), Is.EqualTo(Unknown));
        Assert.That(await AssertInvalidAsync(twice, member), Does.Contain("more than once"));
    }

    [TestCaseSource(nameof(OfFiles))]
    public async Task Form_UnknownField_IsRefused_BeforeAndAfterTheFile(DocumentedAccess row)
    {
        foreach (var isFirst in new[] { true, false })
        {
            using var request = RequestOf(row);
            request.Content = Around((MultipartFormDataContent)request.Content!, Unknown, isFirst);

            Assert.That((await RefusedAsync(request, "unknown-parameter")).Text("parameter"), Is.EqualTo(Unknown));
        }
    }

    [TestCaseSource(nameof(OfFiles))]
    public async Task Form_FileGivenTwice_IsRefused(DocumentedAccess row)
    {
        var file = row.Body == Body.TwoPictures ? "second" : "file";
        using var request = RequestOf(row);
        ((MultipartFormDataContent)request.Content!).Add(new ByteArrayContent(StandInEncoders.Picture(9f)), file, "again.png");

        Assert.That(await AssertInvalidAsync(request, file), Does.Contain("more than once"));
    }

    [TestCase("person", "Ada", "Bob")]
    [TestCase("externalId", "a", "b")]
    public async Task Form_SingleFieldGivenTwice_IsRefused(string field, string first, string second)
    {
        using var request = RequestOf(AccessTable.Rows.Single(row => row.Route == "POST /v1/collections/{collection}/faces"));
        var form = (MultipartFormDataContent)request.Content!;
        form.Add(new StringContent(first), field);
        form.Add(new StringContent(second), field);

        Assert.That(await AssertInvalidAsync(request, field), Does.Contain("2 times"));
    }

    [Test]
    public async Task Form_QueryParameterAsField_NamesTheQuery()
    {
        using var request = RequestOf(AccessTable.Rows.Single(row => row.Route == "POST /search_faces"));
        ((MultipartFormDataContent)request.Content!).Add(new StringContent("0.4"), "tolerance");

        Assert.That(
            (await RefusedAsync(request, "unknown-parameter")).Text("detail"), Does.Contain("'tolerance' as a query parameter"));
    }

    [TestCase("image_id=1&image_id=2", "image_id")]
    [TestCase("image_id=1&api_key=", "api_key")]
    public async Task UrlEncodedForm_RepeatedOrEmptyField_IsRefused(string form, string field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/get_face_info/") { Content = FormOf(form) };

        await AssertInvalidAsync(request, field);
    }

    [Test]
    public async Task UrlEncodedForm_UnknownField_IsAnsweredByTheRightName()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/get_face_info/") { Content = FormOf("image_id=1&imageId=2") };

        await AssertUnknownAsync(request, "imageId", "image_id");
    }

    [TestCaseSource(nameof(OfJson))]
    public async Task Json_SentAsAFormWithAnyName_IsRefused(DocumentedAccess row)
    {
        using var request = RequestOf(row);
        request.Content = FormOf(UnclosedBracket);

        await RefusedAsync(request, "unsupported-content-type", HttpStatusCode.UnsupportedMediaType);
    }

    [Test]
    public async Task UrlEncodedForm_UnclosedBracket_IsUnknown()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/get_face_info/") { Content = FormOf($"image_id=1&{UnclosedBracket}") };

        await RefusedAsync(request, "unknown-parameter");
    }

    [TestCaseSource(typeof(DocumentedCalls), nameof(DocumentedCalls.WithoutBody))]
    public async Task Body_OfACallThatTakesNone_IsRefused(DocumentedAccess row)
    {
        using var request = RequestOf(row);
        request.Content = AccessRequests.Json("""{"dryRun":true}""");

        await RefusedAsync(request, "unknown-parameter");
    }

    [TestCase("/search_faces/?k=5&tolerance=0.6/")]
    [TestCase("/search_faces/?tolerance=0.6/")]
    [TestCase("/search_faces/?/")]
    public async Task SeedsRoute_StraySlash_StillPasses(string path)
    {
        var answer = await Client.PostPictureAsync(path, StandInEncoders.Picture(1f));

        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task SeedsRoute_FileUnderItsOtherName_StillPasses()
    {
        var answer = await Client.PostPictureAsync("/search_faces/", StandInEncoders.Picture(1f), field: "image");

        Assert.That((int)answer.StatusCode, Is.EqualTo(200));
    }

    private static IEnumerable<DocumentedAccess> OfJson() => AccessTable.Operations.Where(row => row.Body == Body.Json);

    private static IEnumerable<DocumentedAccess> OfFiles() =>
        AccessTable.Operations.Where(row => row.Body is Body.Picture or Body.TwoPictures or Body.Zip);

    private static StringContent FormOf(string form) => new(form, null, "application/x-www-form-urlencoded");

    private static MultipartFormDataContent Around(MultipartFormDataContent form, string field, bool isFirst)
    {
        var around = new MultipartFormDataContent();
        if (isFirst)
            around.Add(new StringContent("1"), field);
        foreach (var part in form)
            around.Add(part);
        if (!isFirst)
            around.Add(new StringContent("1"), field);
        return around;
    }
}
