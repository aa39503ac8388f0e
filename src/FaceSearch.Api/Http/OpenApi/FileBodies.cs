using System.Net.Mime;
using FaceSearch.Api.Http.Annotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>The content types of bodies, files that are answered, and bodies that actions read themselves as they stream in: multipart fields, or the file as the body.</summary>
internal static class FileBodies
{
    public const string Multipart = "multipart/form-data";

    private const string MergePatch = "application/merge-patch+json";

    private static readonly Dictionary<string, OpenApiMediaType> NoContent = [];

    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var media in (operation.Responses ?? []).Values.SelectMany(answer => answer.Content ?? NoContent))
        {
            if (!media.Key.Contains("json", StringComparison.Ordinal))
                media.Value.Schema = NewFile();
        }

        if (context.Find<FileBodyAttribute>() is { } body)
            operation.RequestBody = BodyOf(body);
        else if (operation.RequestBody?.Content is { } content)
            NameJson(content, context);
        return Task.CompletedTask;
    }

    private static OpenApiRequestBody BodyOf(FileBodyAttribute body)
    {
        // Multipart first: generators that know one content type only take the first.
        var form = new OpenApiMediaType { Schema = FormOf(body), Encoding = EncodingOf(body) };
        var content = new Dictionary<string, OpenApiMediaType> { [Multipart] = form };
        foreach (var type in body.RawTypes)
            content[type] = new OpenApiMediaType { Schema = NewFile() };

        return new OpenApiRequestBody { Required = true, Content = content };
    }

    /// <summary>Other names for JSON are taken too, but one is enough; a merge patch has a name of its own beside it.</summary>
    private static void NameJson(IDictionary<string, OpenApiMediaType> content, OpenApiOperationTransformerContext context)
    {
        content.Remove("text/json");
        content.Remove("application/*+json");
        if (context.Find<ConsumesAttribute>()?.ContentTypes.Contains(MergePatch) is true && content.TryGetValue("application/json", out var json))
            content[MergePatch] = new OpenApiMediaType { Schema = json.Schema };
    }

    private static OpenApiSchema FormOf(FileBodyAttribute body)
    {
        var properties = new Dictionary<string, IOpenApiSchema>();
        foreach (var field in body.Files)
            properties[field] = NewFile();
        foreach (var field in body.Fields)
            properties[field] = NewText(field);
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = properties,
            Required = body.Files.ToHashSet(),
        };
    }

    /// <summary>Kiota makes an upload of a form only when the content types of its parts are there.</summary>
    private static Dictionary<string, OpenApiEncoding> EncodingOf(FileBodyAttribute body)
    {
        var files = body.Files.Select(field => (field, Type: string.Join(", ", body.PartTypes)));
        var texts = body.Fields.Select(field => (field, Type: MediaTypeNames.Text.Plain));
        return files.Concat(texts).ToDictionary(part => part.field, part => new OpenApiEncoding { ContentType = part.Type });
    }

    /// <summary>Null is the same as none: NSwag insists on fields that can't be null, required or not.</summary>
    private static OpenApiSchema NewText(string field) => new()
    {
        Type = JsonSchemaType.String | JsonSchemaType.Null,
        Description = $"As the query parameter '{field}', which overrides it.",
    };

    private static OpenApiSchema NewFile() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
