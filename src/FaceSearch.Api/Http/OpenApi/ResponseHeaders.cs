using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Idempotency;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>The response headers that clients need.</summary>
internal static class ResponseHeaders
{
    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse answer)
                continue;

            var isSuccess = status.StartsWith('2');
            if (status is "201")
                Add(answer, "Location", "Where the new resource is, when it is a single one.", "uri-reference");
            if (status is "202")
                Add(answer, "Location", "Where the job is.", "uri-reference");
            if (status is "202" or "429" or "503")
                AddSeconds(answer);
            if ((isSuccess && context.Find<AnswersETagAttribute>() is not null) || status is "304")
                Add(answer, "ETag", "The tag of the answer's state, for If-None-Match and If-Match.");
            if (isSuccess && Parameters.IsIdempotent(context))
                Add(answer, IdempotentAttribute.ReplayedHeaderName, "'true' when this is the stored answer of an earlier request with the same Idempotency-Key.");
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiResponse answer, string name, string description, string? format = null) =>
        Add(answer, name, description, new OpenApiSchema { Type = JsonSchemaType.String, Format = format });

    private static void AddSeconds(OpenApiResponse answer) => Add(
        answer, "Retry-After", "Seconds to wait before asking again.",
        new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" });

    private static void Add(OpenApiResponse answer, string name, string description, OpenApiSchema schema)
    {
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers[name] = new OpenApiHeader { Description = description, Schema = schema };
    }
}
