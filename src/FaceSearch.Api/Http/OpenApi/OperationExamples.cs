using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>
/// Examples of requests and answers, one file per operation: <c>Examples/{operationId}.json</c> beside its controller, with <c>parameters</c>
/// by name, <c>request</c> by media type and <c>responses</c> by status. The linter checks them against the schemas.
/// </summary>
internal static class OperationExamples
{
    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (Load(operation.OperationId) is not { } file)
            return Task.CompletedTask;

        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            parameter.Example = file["parameters"]?[parameter.Name!]?.DeepClone();
        foreach (var (type, media) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
            media.Example = file["request"]?[type]?.DeepClone();
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (file["responses"]?[status] is not { } example)
                continue;
            foreach (var media in response.Content?.Values ?? [])
                media.Example = example.DeepClone();
        }

        return Task.CompletedTask;
    }

    private static JsonNode? Load(string? operationId)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"example/{operationId}.json");
        return stream is null ? null : JsonNode.Parse(stream);
    }
}
