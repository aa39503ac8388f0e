using FaceSearch.Api.Tests.Access;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Binding;

/// <summary>Numbers, booleans and enums have one format each; the problem for another format names the field.</summary>
[Category("Fault-B3")]
internal sealed class StrictValueTests : StrictRequestsFixture
{
    private static readonly Dictionary<string, (string Expected, string[] Values)> WrongForms = new()
    {
        ["integer"] = ("whole number", ["0x10", "#10", "1,000", "5.0", "1e1", " 5", "5 ", "5\0", "\u0665", "five", "99999999999"]),
        ["number"] = ("with a point", ["0,4", "1,000.5", "0x1", "NaN", "Infinity", "-Infinity", "1e999", " 0.5", "0.5 ", "0.5\0", "half"]),
        ["boolean"] = ("true or false", ["True", "TRUE", "1", "0", "yes", " true"]),
        ["enum"] = ("one of", ["0", "1", "2", "nonsense", " "]),
    };

    [TestCaseSource(nameof(Typed))]
    public async Task Query_ValueOfAnotherForm_IsRefused(DocumentedParameter parameter)
    {
        var (expected, values) = WrongForms[parameter.Type];
        foreach (var value in values.Where(value => !string.IsNullOrWhiteSpace(value)))
        {
            using var request = RequestOf(parameter.Row, $"?{parameter.Name}={Uri.EscapeDataString(value)}");
            Assert.That(await AssertInvalidAsync(request, parameter.Name), Does.StartWith(parameter.Name).And.Contains(expected), value);
        }
    }

    [TestCase("faces", "largest,all")]
    [TestCase("faces", "Largest")]
    [TestCase("faces", " all")]
    [TestCase("quality", "LOW")]
    [TestCase("nearDuplicates", "warn, refuse")]
    public async Task Query_EnumOtherThanOneOfItsWords_IsRefused(string name, string value)
    {
        using var request = RequestOf(Row("POST /v1/collections/{collection}/faces"), $"?{name}={Uri.EscapeDataString(value)}");

        Assert.That(await AssertInvalidAsync(request, name), Does.StartWith($"{name} is one of "));
    }

    [TestCase("POST /search_faces", "k=1&tolerance=0.4", 200)]
    [TestCase("POST /search_faces", "k=1&tolerance=4e-1", 200)]
    [TestCase("POST /v1/collections/{collection}/search", "groupBy=person", 200)]
    [TestCase("POST /v1/collections/{collection}/calibration", "falseMatchRate=0.01&steps=4", 200)]
    [TestCase("GET /v1/collections/{collection}/export", "pictures=true", 200)]
    [TestCase("GET /v1/jobs/{jobId}/items", "outcome=inserted&limit=1", 200)]
    public async Task Query_ValueInItsForm_Passes(string route, string query, int status)
    {
        using var request = RequestOf(Row(route), $"?{query}");
        using var answer = await Client.SendAsync(request);

        Assert.That((int)answer.StatusCode, Is.EqualTo(status), await answer.Content.ReadAsStringAsync());
    }

    [TestCase("POST /v1/keys", """{"name":"a","scopes":[1]}""", "scopes", "search, read, write, admin")]
    [TestCase("POST /v1/keys", """{"name":"a","scopes":["Read"]}""", "scopes", "search, read, write, admin")]
    [TestCase("POST /v1/keys", """{"name":"a","scopes":["read,write"]}""", "scopes", "search, read, write, admin")]
    [TestCase("POST /v1/keys", """{"name":"a","scopes":"read"}""", "scopes", "a list")]
    [TestCase("POST /v1/collections", """{"name":"\ud800"}""", "name", "a text")]
    [TestCase("POST /v1/keys", """{"name":7,"scopes":["read"]}""", "name", "a text")]
    [TestCase("POST /v1/keys", """{"name":"a","scopes":["read"],"expiresAt":2030}""", "expiresAt", "2030-01-31T12:00:00Z")]
    [TestCase("POST /v1/keys", """{"name":"a","scopes":["read"],"expiresAt":"31.12.2030"}""", "expiresAt", "2030-01-31T12:00:00Z")]
    [TestCase("POST /v1/collections/{collection}/search/embedding", """{"embedding":["0.5"]}""", "embedding", "with a point")]
    [TestCase("POST /v1/collections/{collection}/search/embedding", """{"embedding":"0.5"}""", "embedding", "a list")]
    [TestCase("POST /v1/collections/{collection}/persons/{personId}/merge", """{"personIds":[2]}""", "personIds", "a text")]
    [TestCase("PATCH /v1/collections/{collection}/faces/{faceId}", """{"tags":"a,b"}""", "tags", "a list")]
    [TestCase("POST /v1/collections", """["a"]""", "body", "a JSON object")]
    public async Task Json_ValueOfAnotherForm_IsRefused(string route, string json, string field, string expected)
    {
        using var request = RequestOf(Row(route));
        request.Content = AccessRequests.Json(json);

        Assert.That(await AssertInvalidAsync(request, field), Does.Contain(expected));
    }

    /// <summary>The serializer would read them in the server's zone.</summary>
    [TestCase("2030-01-31T12:00:00")]
    [TestCase("2030-01-31T12:00")]
    [TestCase("2030-01-31")]
    [Category("Fault-B12")]
    public async Task Json_TimeWithoutOffset_IsRefused(string time)
    {
        using var request = RequestOf(Row("POST /v1/keys"));
        request.Content = AccessRequests.Json($$"""{"name":"zone","scopes":["read"],"expiresAt":"{{time}}"}""");

        Assert.That(await AssertInvalidAsync(request, "expiresAt"), Does.Contain("offset"));
    }

    [TestCase("2030-01-31T12:00:00Z", "2030-01-31T12:00:00Z")]
    [TestCase("2030-01-31T12:00:00+05:30", "2030-01-31T06:30:00Z")]
    [TestCase("2030-01-31T12:00:00-01:00", "2030-01-31T13:00:00Z")]
    [Category("Fault-B12")]
    public async Task Json_TimeWithOffset_IsAnsweredInUtc(string time, string inUtc)
    {
        using var request = RequestOf(Row("POST /v1/keys"));
        request.Content = AccessRequests.Json($$"""{"name":"{{time}}","scopes":["read"],"expiresAt":"{{time}}"}""");
        using var answer = await Client.SendAsync(request);

        var key = (await answer.ReadJsonAsync()).GetProperty("key");
        Assert.That(key.GetProperty("expiresAt").GetString(), Is.EqualTo(inUtc));
    }

    [Test, Combinatorial, Category("Fault-B12")]
    public async Task Json_Missing_IsRefusedWithANameAndAText(
        [Values("POST /v1/collections", "POST /v1/keys", "PATCH /v1/collections/{collection}/faces/{faceId}")] string route,
        [Values("", "null")] string json)
    {
        using var request = RequestOf(Row(route));
        request.Content = AccessRequests.Json(json);
        var problem = await RefusedAsync(request, "invalid-request");

        var errors = problem.GetProperty("errors").EnumerateObject().ToArray();
        Assert.That(errors, Is.Not.Empty);
        Assert.That(errors.Select(error => error.Name), Has.None.Empty);
        Assert.That(errors.SelectMany(error => error.Value.EnumerateArray()).Select(text => text.GetString()), Has.None.Empty);
    }

    [TestCase("{")]
    [TestCase("{\"name\":\"a\",}")]
    [TestCase("{'name':'a'}")]
    public async Task Json_Invalid_IsRefused(string json)
    {
        using var request = RequestOf(Row("POST /v1/collections"));
        request.Content = AccessRequests.Json(json);

        Assert.That(await AssertInvalidAsync(request, "body"), Is.EqualTo("The body is not JSON."));
    }

    [TestCase("utf-8")]
    [TestCase("utf-16")]
    public async Task Json_InEitherEncoding_IsRead(string encoding)
    {
        using var request = RequestOf(Row("POST /v1/collections"));
        request.Content = new StringContent($$"""{"name":"{{encoding}}"}""", System.Text.Encoding.GetEncoding(encoding), "application/json");
        using var answer = await Client.SendAsync(request);

        Assert.That((int)answer.StatusCode, Is.EqualTo(201), await answer.Content.ReadAsStringAsync());
    }

    [TestCase("person")]
    [TestCase("externalId")]
    [TestCase("tags")]
    public async Task Form_EmptyField_IsRefused(string field)
    {
        using var request = RequestOf(Row("POST /v1/collections/{collection}/faces"));
        ((MultipartFormDataContent)request.Content!).Add(new StringContent(" "), field);

        Assert.That(await AssertInvalidAsync(request, field), Does.Contain("no value"));
    }

    [Test]
    public async Task Form_FileForAText_IsRefused()
    {
        using var request = RequestOf(Row("POST /v1/collections/{collection}/faces"));
        ((MultipartFormDataContent)request.Content!).Add(new ByteArrayContent(StandInEncoders.Picture(1f)), "person", "ada.txt");

        Assert.That(await AssertInvalidAsync(request, "person"), Does.Contain("a text, not a file"));
    }

    private static DocumentedAccess Row(string route) => AccessTable.Rows.Single(row => row.Route == route);

    private static IEnumerable<DocumentedParameter> Typed() =>
        DocumentedCalls.QueryParameters.Where(parameter => WrongForms.ContainsKey(parameter.Type));
}
