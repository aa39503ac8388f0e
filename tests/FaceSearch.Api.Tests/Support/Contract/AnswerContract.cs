using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace FaceSearch.Api.Tests.Support.Contract;

/// <summary>
/// What an OpenAPI document promises of answers: the status, the content type, the headers and the JSON. Stricter than the
/// document in one thing: an object may have no further members. Immutable, for many threads.
/// </summary>
internal sealed class AnswerContract
{
    /// <summary>Headers that HTTP and CORS define for every server. The document need not list them.</summary>
    private static readonly HashSet<string> OwnOfHttp = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept-Ranges", "Allow", "Cache-Control", "Connection", "Content-Disposition", "Content-Length", "Content-Type",
        "Date", "Expires", "Last-Modified", "Pragma", "Server", "Transfer-Encoding", "Vary", "WWW-Authenticate", "X-Content-Type-Options",
        "Access-Control-Allow-Origin", "Access-Control-Expose-Headers",
    };

    private static readonly Dialect OpenApi = Dialect.Draft202012.With([], allowUnknownKeywords: true);

    private readonly JsonObject document;
    private readonly IReadOnlyList<Route> routes;
    private readonly Dictionary<JsonNode, Lazy<JsonSchema>> schemas;

    public AnswerContract(JsonObject document)
    {
        this.document = document;
        Close(document["components"]!["schemas"]!);
        // keys/self goes before keys/{keyId}.
        routes = [.. document["paths"]!.AsObject().OrderBy(path => path.Key.Count(c => c == '{'))
            .Select(path => new Route(path.Key, path.Value!.AsObject()))];
        schemas = routes.SelectMany(route => route.Operations.Values)
            .SelectMany(operation => operation["responses"]!.AsObject())
            .SelectMany(response => response.Value!["content"]?.AsObject() ?? [])
            .Select(media => media.Value!["schema"]!)
            .ToDictionary(schema => schema, schema => new Lazy<JsonSchema>(() => ToSchema(schema)));
    }

    /// <summary>Empty for an answer as documented, and for a path that is not of the API.</summary>
    public IReadOnlyList<string> FindViolations(HttpRequestMessage request, HttpResponseMessage answer, byte[] body)
    {
        if (routes.FirstOrDefault(route => route.Has(request.RequestUri!.AbsolutePath)) is not { } route)
            return [];

        var method = request.Method == HttpMethod.Head ? "get" : request.Method.Method.ToLowerInvariant();
        if (!route.Operations.TryGetValue(method, out var operation))
            return answer.StatusCode is HttpStatusCode.MethodNotAllowed || request.Method == HttpMethod.Options
                ? [] : [$"{request.Method} is not in the document"];
        // Beside a file, the document leaves 304 out: some generators can't read it.
        if (answer.StatusCode is HttpStatusCode.NotModified && request.Headers.IfNoneMatch.Count > 0 && body.Length == 0)
            return [];
        if (operation["responses"]![$"{(int)answer.StatusCode}"] is not JsonObject documented)
            return [$"status {(int)answer.StatusCode} is not documented"];

        return [.. FindInHeaders(documented, answer), .. FindInBody(documented, answer, request.Method == HttpMethod.Head ? null : body)];
    }

    private IEnumerable<string> FindInHeaders(JsonObject documented, HttpResponseMessage answer)
    {
        var headers = documented["headers"]?.AsObject() ?? [];
        var sent = answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var name in sent.Keys.Where(name => !OwnOfHttp.Contains(name)))
        {
            if (!headers.Any(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
                yield return $"header {name} is not documented";
        }

        foreach (var (name, reference) in headers)
        {
            var header = Resolve(reference!);
            if (!sent.TryGetValue(name, out var value))
            {
                if (header["required"]?.GetValue<bool>() is true)
                    yield return $"header {name} is documented as required and not sent";
            }
            else if (header["schema"]?["type"]?.GetValue<string>() is "integer" && !int.TryParse(value, out _))
            {
                yield return $"header {name} is no integer: {value}";
            }
        }
    }

    private IEnumerable<string> FindInBody(JsonObject documented, HttpResponseMessage answer, byte[]? body)
    {
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (documented["content"] is not JsonObject content)
        {
            if (body is { Length: > 0 })
                yield return $"a body of {type} where none is documented";
            yield break;
        }

        if (type is null || content[type] is not { } media)
        {
            yield return $"content type {type ?? "none"} is not documented";
            yield break;
        }

        if (body is null || !type.EndsWith("json", StringComparison.Ordinal))
            yield break;

        using var json = JsonDocument.Parse(body);
        var result = schemas[media["schema"]!].Value.Evaluate(json.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (result.IsValid)
            yield break;
        foreach (var fault in result.Details!.Where(detail => detail.Errors is not null))
            yield return $"{fault.InstanceLocation} {string.Join(' ', fault.Errors!.Values)}";
    }

    private JsonNode Resolve(JsonNode node) => node["$ref"]?.GetValue<string>() is { } reference
        ? reference.Split('/').Skip(1).Aggregate((JsonNode)document, (at, name) => at[name]!)
        : node;

    private JsonSchema ToSchema(JsonNode schema)
    {
        var whole = new JsonObject
        {
            ["allOf"] = new JsonArray(schema.DeepClone()),
            ["$defs"] = document["components"]!["schemas"]!.DeepClone(),
        };
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        return JsonSchema.FromText(text, new BuildOptions { Dialect = OpenApi, SchemaRegistry = new() });
    }

    /// <summary>No object has members that are not in its schema.</summary>
    private static void Close(JsonNode node)
    {
        if (node is JsonObject { } schema && schema["properties"] is JsonObject && schema["additionalProperties"] is null)
            schema["additionalProperties"] = false;
        foreach (var child in node switch
        {
            JsonObject owner => owner.Select(pair => pair.Value).ToArray(),
            JsonArray array => [.. array],
            _ => [],
        })
        {
            if (child is not null)
                Close(child);
        }
    }

    private sealed class Route(string template, JsonObject path)
    {
        private readonly string[] segments = template.Trim('/').Split('/');

        public Dictionary<string, JsonObject> Operations { get; } =
            path.Where(one => one.Value is JsonObject).ToDictionary(one => one.Key, one => one.Value!.AsObject());

        public bool Has(string asked)
        {
            var given = asked.Trim('/').Split('/');
            return given.Length == segments.Length && segments.Zip(given).All(pair =>
                pair.First.StartsWith('{') || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
        }
    }
}
