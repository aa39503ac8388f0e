using System.Text.Json;
using FaceSearch.Api.Tests.Access;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http.Binding;

/// <param name="Type">integer, number, boolean, enum, list or string.</param>
internal sealed record DocumentedParameter(DocumentedAccess Row, string Name, string Type)
{
    public override string ToString() => $"{Row} {Name}";
}

/// <summary>The query parameters and JSON members of every call in <c>docs/openapi.json</c>.</summary>
internal static class DocumentedCalls
{
    private static readonly JsonElement Document = Read();

    public static IEnumerable<DocumentedParameter> QueryParameters =>
        from row in AccessTable.Operations
        from parameter in ParametersOf(row)
        where parameter.GetProperty("in").GetString() == "query"
        select new DocumentedParameter(row, parameter.GetProperty("name").GetString()!, TypeOf(parameter.GetProperty("schema")));

    public static IEnumerable<DocumentedParameter> SingleQueryParameters => QueryParameters.Where(one => one.Type != "list");

    public static IEnumerable<DocumentedAccess> WithoutBody =>
        AccessTable.Operations.Where(row => !OperationOf(row).TryGetProperty("requestBody", out _));

    public static IEnumerable<DocumentedAccess> WithIfMatch => AccessTable.Operations.Where(row => ParametersOf(row)
        .Any(parameter => parameter.GetProperty("name").GetString() == "If-Match"));

    private static JsonElement.ArrayEnumerator ParametersOf(DocumentedAccess row) =>
        OperationOf(row).TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default;

    private static JsonElement OperationOf(DocumentedAccess row)
    {
        var (method, path) = (row.Route.Split(' ')[0], row.Route.Split(' ')[1]);
        return Document.GetProperty("paths").GetProperty(path).GetProperty(method.ToLowerInvariant());
    }

    private static string TypeOf(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out _) || schema.TryGetProperty("enum", out _) || schema.TryGetProperty("oneOf", out _))
            return "enum";
        var type = schema.GetProperty("type");
        var name = type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(one => one.GetString()!).First(one => one != "null")
            : type.GetString()!;
        return name == "array" ? "list" : name;
    }

    private static JsonElement Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "openapi.json")));
        return document.RootElement.Clone();
    }
}
