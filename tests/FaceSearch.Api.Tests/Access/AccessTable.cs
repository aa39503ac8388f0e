using FaceSearch.Domain.Access;

namespace FaceSearch.Api.Tests.Access;

/// <summary>The subject of a call, which decides the answer for a key bound to another collection.</summary>
internal enum Reach
{
    /// <summary>Open to all, without a key.</summary>
    Open,

    /// <summary>The collection in the route, or 'default': 403.</summary>
    Collection,

    /// <summary>A resource of the collection 'default', by its id: 404.</summary>
    Id,

    /// <summary>A list with the collections that the key may read.</summary>
    List,

    /// <summary>The whole server: 403 for every bound key.</summary>
    Server,

    /// <summary>No collection: every key with the scope is authorised.</summary>
    Nothing,
}

internal enum Body
{
    None,
    Picture,
    TwoPictures,
    Zip,
    ImageIdForm,
    Json,
}

/// <param name="Scopes">One of them is sufficient.</param>
/// <param name="Anonymous">True when the route needs no key in Development.</param>
internal sealed record DocumentedAccess(
    string Route, AccessScopes Scopes, Reach Reach, Body Body = Body.None, string Json = "", bool Anonymous = false)
{
    /// <summary>True for a call of the API; false for pages and health checks.</summary>
    public bool IsOperation => Reach != Reach.Open && Route != "GET /metrics";

    public override string ToString() => Route;
}

/// <summary>Every route of the server with its authorised callers. A route without a row fails a test.</summary>
internal static class AccessTable
{
    private const string Faces = "/v1/collections/{collection}/faces";
    private const string Persons = "/v1/collections/{collection}/persons";

    private const AccessScopes Search = AccessScopes.Search;
    private const AccessScopes Read = AccessScopes.Read;
    private const AccessScopes Write = AccessScopes.Write;
    private const AccessScopes Admin = AccessScopes.Admin;
    private const AccessScopes ReadOrWrite = AccessScopes.Read | AccessScopes.Write;

    public static readonly IReadOnlyList<DocumentedAccess> Rows =
    [
        new("POST /search_faces", Search, Reach.Collection, Body.Picture, Anonymous: true),
        new("POST /add_face", Write, Reach.Collection, Body.Picture, Anonymous: true),
        new("POST /add_faces_in_bulk", Write, Reach.Collection, Body.Zip, Anonymous: true),
        new("POST /get_face_info", Read, Reach.Id, Body.ImageIdForm),

        new("POST /v1/collections", Admin, Reach.Server, Body.Json, """{"name":"table"}"""),
        new("GET /v1/collections", Read, Reach.List),
        new("GET /v1/collections/{collection}", Read, Reach.Collection),
        new("DELETE /v1/collections/{collection}", Admin, Reach.Collection),

        new("POST /v1/collections/{collection}/search", Search, Reach.Collection, Body.Picture, Anonymous: true),
        new("POST /v1/collections/{collection}/search/embedding", Search, Reach.Collection, Body.Json, EmbeddingJson(), Anonymous: true),
        new("POST /v1/collections/{collection}/calibration", Read, Reach.Collection),

        new($"POST {Faces}", Write, Reach.Collection, Body.Picture, Anonymous: true),
        new($"GET {Faces}", Read, Reach.Collection),
        new($"GET {Faces}/{{faceId}}", Read, Reach.Collection),
        new($"PATCH {Faces}/{{faceId}}", Write, Reach.Collection, Body.Json, """{"tags":["a"]}"""),
        new($"DELETE {Faces}/{{faceId}}", Write, Reach.Collection),
        new($"GET {Faces}/{{faceId}}/image", Read, Reach.Collection),
        new($"GET {Faces}/{{faceId}}/crop", Read, Reach.Collection),

        new("GET /v1/collections/{collection}/images/{imageId}", Read, Reach.Collection),

        new($"GET {Persons}", Read, Reach.Collection),
        new($"GET {Persons}/{{personId}}", Read, Reach.Collection),
        new($"PATCH {Persons}/{{personId}}", Write, Reach.Collection, Body.Json, """{"name":"Ada"}"""),
        new($"POST {Persons}/{{personId}}/merge", Write, Reach.Collection, Body.Json, """{"personIds":["999998"]}"""),
        new($"DELETE {Persons}/{{personId}}", Write, Reach.Collection),
        new($"GET {Persons}/{{personId}}/exclusions", Read, Reach.Collection),
        new($"POST {Persons}/{{personId}}/exclusions", Write, Reach.Collection, Body.Json, """{"faceId":"999999"}"""),
        new($"GET {Persons}/{{personId}}/exclusions/{{faceId}}", Read, Reach.Collection),
        new($"DELETE {Persons}/{{personId}}/exclusions/{{faceId}}", Write, Reach.Collection),

        new("POST /v1/detect", Search, Reach.Nothing, Body.Picture, Anonymous: true),
        new("POST /v1/verify", Search, Reach.Nothing, Body.TwoPictures, Anonymous: true),

        new("POST /v1/collections/{collection}/jobs", Write, Reach.Collection, Body.Zip, Anonymous: true),
        new("POST /v1/collections/{collection}/reembed", Admin, Reach.Collection),
        new("GET /v1/collections/{collection}/export", Admin, Reach.Collection),
        new("POST /v1/collections/{collection}/import", Admin, Reach.Collection, Body.Zip),
        new("GET /v1/jobs", ReadOrWrite, Reach.List),
        new("GET /v1/jobs/{jobId}", ReadOrWrite, Reach.Id, Anonymous: true),
        new("GET /v1/jobs/{jobId}/items", ReadOrWrite, Reach.Id, Anonymous: true),
        new("POST /v1/jobs/{jobId}/cancel", Write, Reach.Id, Anonymous: true),
        new("POST /v1/jobs/{jobId}/retry", Write, Reach.Id),
        new("DELETE /v1/jobs/{jobId}", Write, Reach.Id),

        new("POST /v1/keys", Admin, Reach.Server, Body.Json, """{"name":"table","scopes":["read"]}"""),
        new("GET /v1/keys", Admin, Reach.Server),
        new("GET /v1/keys/{keyId}", Admin, Reach.Server),
        new("GET /v1/keys/self", AccessScopes.All, Reach.Nothing),
        new("DELETE /v1/keys/{keyId}", Admin, Reach.Server),
        new("GET /v1/audit", Admin, Reach.Server),
        new("GET /v1/engine", Read, Reach.Nothing),
        new("GET /metrics", Read, Reach.Server),

        new("GET /health/live", AccessScopes.None, Reach.Open),
        new("GET /health/ready", AccessScopes.None, Reach.Open),
        new("GET /openapi/{documentName}.json", AccessScopes.None, Reach.Open),
        new("GET /docs", AccessScopes.None, Reach.Open),
    ];

    public static IEnumerable<DocumentedAccess> Operations => Rows.Where(row => row.IsOperation);

    public static IEnumerable<DocumentedAccess> Reads =>
        Rows.Where(row => row.Route.StartsWith("GET ", StringComparison.Ordinal));

    private static string EmbeddingJson() => $$"""{"embedding":[{{string.Join(',', Enumerable.Repeat("0.5", 128))}}]}""";
}
