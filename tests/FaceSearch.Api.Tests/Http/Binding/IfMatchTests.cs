using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Access;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Binding;

/// <summary>If-Match by RFC 9110, 13.1.1; an invalid header is refused and never ignored.</summary>
[Category("Fault-B4")]
internal sealed class IfMatchTests : StrictRequestsFixture
{
    private const string Persons = "/v1/collections/default/persons";
    private const string Faces = "/v1/collections/default/faces";

    private static readonly string[] Unreadable =
        ["garbage", "7", "\"7", "7\"", "\"7\" \"8\"", "\"7\", garbage", "W/7", "*, \"7\"", "**"];

    public static IEnumerable<DocumentedAccess> Changing => DocumentedCalls.WithIfMatch;

    [Test]
    public void Table_HasEveryRouteWithIfMatch() => Assert.That(Changing.Count(), Is.EqualTo(4));

    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Operations))]
    public async Task Invalid_OfAnyCall_IsRefused(DocumentedAccess row)
    {
        foreach (var header in Unreadable)
        {
            using var request = RequestOf(row);
            request.Headers.TryAddWithoutValidation("If-Match", header);
            Assert.That(await AssertInvalidAsync(request, "If-Match"), Does.Contain("with their quotes"), header);
        }
    }

    /// <summary>HttpClient does not send empty headers.</summary>
    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Operations))]
    public async Task Empty_OfAnyCall_IsRefused(DocumentedAccess row)
    {
        using var request = RequestOf(row);
        var answer = await Server.Server.SendAsync(http =>
        {
            http.Request.Method = request.Method.Method;
            http.Request.Path = request.RequestUri!.OriginalString;
            http.Request.Headers["X-Api-Key"] = Client.DefaultRequestHeaders.GetValues("X-Api-Key").Single();
            http.Request.Headers.IfMatch = string.Empty;
        });

        using var problem = await JsonDocument.ParseAsync(answer.Response.Body);
        Assert.That(answer.Response.StatusCode, Is.EqualTo(400));
        Assert.That(problem.RootElement.GetProperty("errors").TryGetProperty("If-Match", out _), Is.True);
    }

    [TestCaseSource(nameof(Changing))]
    public async Task Invalid_OfAChange_ChangesNothing(DocumentedAccess row)
    {
        var (path, tag) = await NewAsync(row);
        foreach (var header in Unreadable)
            Assert.That((await ChangeAsync(row, path, header)).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), header);

        Assert.That(await TagAsync(path), Is.EqualTo(tag));
    }

    [TestCaseSource(nameof(Changing))]
    public async Task OtherTags_OfAChange_AreAFailedCondition(DocumentedAccess row)
    {
        var (path, tag) = await NewAsync(row);
        foreach (var header in new[] { "\"2\"", $"W/{tag}", $"W/{tag}, \"2\"", $"w/{tag}", "\"1\"", "\"x\"", "\"\"", tag.ToUpperInvariant() })
        {
            var answer = await ChangeAsync(row, path, header);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed), header);
            Assert.That(await answer.ReadProblemAsync(), Is.EqualTo("changed-meanwhile"));
        }

        Assert.That(await TagAsync(path), Is.EqualTo(tag));
    }

    [TestCaseSource(nameof(Changing))]
    public async Task OwnTag_AnyTag_OrAListWithIt_Passes(DocumentedAccess row)
    {
        foreach (var header in new[] { "{0}", "*", "\"7\", {0}", "W/{0},{0}", "\"x\" , {0} ", null })
        {
            var (path, tag) = await NewAsync(row);
            Assert.That((await ChangeAsync(row, path, header?.Replace("{0}", tag, StringComparison.Ordinal))).IsSuccessStatusCode, Is.True, header);
        }
    }

    [TestCaseSource(nameof(Changing))]
    public async Task List_InSeveralHeaders_IsOne(DocumentedAccess row)
    {
        var (path, tag) = await NewAsync(row);

        Assert.That((await ChangeAsync(row, path, "\"7\"", tag)).IsSuccessStatusCode, Is.True);
    }

    /// <summary>The URL of a new face or person, and its ETag.</summary>
    private async Task<(string Path, string Tag)> NewAsync(DocumentedAccess row)
    {
        var path = await NewPathAsync(row);
        return (path, await TagAsync(path));
    }

    private async Task<string> TagAsync(string path) => (await Client.GetAsync(path)).Headers.ETag!.Tag;

    private async Task<string> NewPathAsync(DocumentedAccess row)
    {
        var name = Guid.NewGuid().ToString();
        var added = await Client.PostPictureAsync($"{Faces}?person={name}&quality=none&nearDuplicates=ignore", StandInEncoders.Picture(name, 5f));
        var face = (await added.ReadJsonAsync()).GetProperty("faces")[0];
        if (row.Route.Contains("/faces/", StringComparison.Ordinal))
            return $"{Faces}/{face.Text("faceId")}";

        var persons = await (await Client.GetAsync($"{Persons}?name={name}")).ReadJsonAsync();
        return $"{Persons}/{persons.GetProperty("persons")[0].Text("personId")}";
    }

    private async Task<HttpResponseMessage> ChangeAsync(DocumentedAccess row, string path, params string?[] headers)
    {
        var request = RequestOf(row);
        request.RequestUri = new Uri(path, UriKind.Relative);
        if (row.Body == Body.Json)
            request.Content = AccessRequests.Json(row.Json.Replace("Ada", Guid.NewGuid().ToString(), StringComparison.Ordinal));
        foreach (var header in headers.OfType<string>())
            request.Headers.TryAddWithoutValidation("If-Match", header);
        return await Client.SendAsync(request);
    }
}
