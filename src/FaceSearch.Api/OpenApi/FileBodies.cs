using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.OpenApi;

/// <summary>The content types of bodies, and bodies that actions read themselves as they stream in: multipart fields, or the file as the body.</summary>
internal static class FileBodies
{
    public const string Multipart = "multipart/form-data";

    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (context.Find<FileBodyAttribute>() is not { } body)
        {
            // Taken too, but one name for JSON is enough.
            operation.RequestBody?.Content?.Remove("text/json");
            operation.RequestBody?.Content?.Remove("application/*+json");
            return Task.CompletedTask;
        }

        // Multipart first: generators that know one content type only take the first.
        var content = new Dictionary<string, OpenApiMediaType> { [Multipart] = new() { Schema = FormOf(body) } };
        if (body.Files.Length == 1)
        {
            foreach (var type in body.RawTypes)
                content[type] = new OpenApiMediaType { Schema = NewFile() };
        }

        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
        return Task.CompletedTask;
    }

    private static OpenApiSchema FormOf(FileBodyAttribute body)
    {
        var properties = new Dictionary<string, IOpenApiSchema>();
        foreach (var field in body.Files)
            properties[field] = NewFile();
        foreach (var field in body.TextFields)
            properties[field] = new OpenApiSchema { Type = JsonSchemaType.String, Description = $"As the query parameter '{field}', which wins." };
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = properties,
            Required = body.Files.ToHashSet(),
        };
    }

    private static OpenApiSchema NewFile() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
