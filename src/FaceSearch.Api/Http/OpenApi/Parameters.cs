using System.Globalization;
using System.Text.Json.Nodes;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Idempotency;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>Headers that the actions' signatures don't show, and the limits of the parameters that many calls share.</summary>
internal static class Parameters
{
    private static readonly Dictionary<string, (string? Least, string? Most, string? Description)> Known = new()
    {
        ["limit"] = ("1", Text(Page.MaxLimit), "The largest number of items on a page."),
        ["cursor"] = (null, null, "The 'nextCursor' of the page before; leave it out for the first page."),
        ["jobId"] = (null, null, "The job's id."),
        ["collection"] = (null, null, "The collection's name; the seed's routes use 'default'."),
        ["faceId"] = (null, null, "The face's id, as enrolling, listing and searching answer it."),
        ["personId"] = (null, null, "The person's id, as listing and searching answer it."),
        ["imageId"] = (null, null, "The picture's id, as enrolling, listing and searching answer it."),
        ["keyId"] = (null, null, "The key's id, as issuing and listing answer it; not the key itself."),
        ["k"] = ("1", Text(SearchLimits.MaxK), null),
        ["size"] = (Text(GetFaceCropQuery.MinSize), Text(GetFaceCropQuery.MaxSize), null),
        ["tolerance"] = (null, Text(SearchLimits.MaxTolerance), null),
    };

    /// <summary>The operation may be repeated safely with an Idempotency-Key.</summary>
    public static bool IsIdempotent(OpenApiOperationTransformerContext context) =>
        context.Find<IdempotentAttribute>() is not null;

    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            Limit(parameter);
            if (context.Find<FileBodyAttribute>()?.Fields.Contains(parameter.Name) is true)
                NameInClients(parameter);
        }

        if (IsIdempotent(context))
            AddHeader(operation, IdempotentAttribute.HeaderName, IdempotentRequest.KeyMaxLength, "^[\\x21-\\x7E]+$",
                "A key of your choice, such as a UUID: the same request with the same key is answered as the first was, for 24 hours.");
        if (context.Find<RespondsAsyncAttribute>() is not null)
            AddHeader(operation, Preferences.HeaderName, null, null,
                "With 'respond-async' the answer is 202 and the job's address, before the work is done (RFC 7240).");
        if (context.Find<AnswersETagAttribute>() is not null && context.Description.HttpMethod == HttpMethods.Get)
            AddHeader(operation, "If-None-Match", null, null,
                "The ETag that you have: when it is still that of the answer, the answer is 304 without a body.");
        if (context.Find<ExpectsETagAttribute>() is not null)
            AddHeader(operation, "If-Match", null, null,
                "The ETag that you read: the change is refused with 412 when another client has changed the resource since.");
        return Task.CompletedTask;
    }

    /// <summary>A field of the form has the same name; NSwag would give two arguments of a method one name.</summary>
    private static void NameInClients(OpenApiParameter parameter)
    {
        parameter.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        parameter.Extensions["x-originalName"] = new JsonNodeExtension(JsonValue.Create($"{parameter.Name}InQuery"));
    }

    private static void Limit(OpenApiParameter parameter)
    {
        if (!Known.TryGetValue(parameter.Name ?? string.Empty, out var known))
            return;

        parameter.Description ??= known.Description;
        if (parameter.Schema is not OpenApiSchema schema)
            return;
        schema.Minimum = known.Least;
        schema.Maximum = known.Most;
        if (parameter.Name == "tolerance")
            schema.ExclusiveMinimum = "0";
    }

    private static void AddHeader(
        OpenApiOperation operation, string name, int? longest, string? pattern, string description) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                MinLength = 1,
                MaxLength = longest,
                Pattern = pattern,
            },
        });

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
