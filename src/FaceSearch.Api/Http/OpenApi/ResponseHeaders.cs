using System.Globalization;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Http.RequestLogs;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>The response headers that clients need.</summary>
internal static class ResponseHeaders
{
    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var isRead = context.Description.HttpMethod == HttpMethods.Get;
        var isConditional = context.Find<AnswersETagAttribute>() is not null;
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse answer)
                continue;

            var isSuccess = status.StartsWith('2');
            AddRequestId(answer, context.Document!);
            if (status is "201")
                Add(answer, "Location", "Where the new resource is.");
            if (status is "409" && context.Find<IdempotentAttribute>()?.AnswersSecret is true)
                Add(answer, "Location", "Where the resource is that the first request has created.", isRequired: false);
            if (status is "202")
                Add(answer, "Location", "Where the job is.");
            if (status is "202" or "429" or "503")
                AddSeconds(answer);
            if (status is "409" && Parameters.IsIdempotent(context))
                AddSeconds(answer, isRequired: false);
            if (isConditional && (isSuccess || status is "304"))
                Add(answer, "ETag", "The tag of the answer's state, for If-None-Match and If-Match; not for a key without the read scope.", isRead);
            if (status is "202" && context.Find<RespondsAsyncAttribute>() is not null)
                Add(answer, Preferences.AppliedHeaderName, "'respond-async', unless the answer is a replayed one.", isRequired: false);
            if (Parameters.IsIdempotent(context) && IdempotentExchange.IsDefinitive(int.Parse(status, CultureInfo.InvariantCulture)))
                Add(answer, IdempotentAttribute.ReplayedHeaderName, "'true' when this is the stored answer of an earlier request with the same Idempotency-Key.", isRequired: false);
        }

        return Task.CompletedTask;
    }

    private static void AddRequestId(OpenApiResponse answer, OpenApiDocument document)
    {
        if (document.Components?.Headers?.ContainsKey(RequestId.HeaderName) is not true)
        {
            document.AddComponent<IOpenApiHeader>(RequestId.HeaderName, new OpenApiHeader
            {
                Description = "The request's id, which the server's log and the traceId of problems have too.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Required = true,
            });
        }

        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers[RequestId.HeaderName] = new OpenApiHeaderReference(RequestId.HeaderName, document);
    }

    /// <param name="isRequired">Every answer of the status has it.</param>
    private static void Add(OpenApiResponse answer, string name, string description, bool isRequired = true) =>
        Add(answer, name, description, new OpenApiSchema { Type = JsonSchemaType.String }, isRequired);

    private static void AddSeconds(OpenApiResponse answer, bool isRequired = true) => Add(
        answer, "Retry-After", "Seconds to wait before asking again.",
        new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" }, isRequired);

    private static void Add(OpenApiResponse answer, string name, string description, OpenApiSchema schema, bool isRequired)
    {
        answer.Headers ??= new Dictionary<string, IOpenApiHeader>();
        answer.Headers[name] = new OpenApiHeader { Description = description, Schema = schema, Required = isRequired };
    }
}
