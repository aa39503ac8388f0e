using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>
/// The problems of each operation: those that follow from its route, its body and its policies, and those of its
/// <see cref="ProducesProblemAttribute"/>. Each is an example of its status.
/// </summary>
internal static class ProblemResponses
{
    public const string MediaType = "application/problem+json";

    private const string SchemaId = nameof(ProblemResponse);

    private static readonly string[] OfPictures =
        ["missing-file", "malformed-body", "body-too-slow", "unsupported-content-type", "file-too-large", "too-many-pixels", "empty-picture", "not-a-picture", "damaged-picture"];

    private static readonly string[] OfArchives =
        ["missing-file", "malformed-body", "body-too-slow", "unsupported-content-type", "file-too-large", "not-an-archive"];

    public static async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(SchemaId) is not true)
            document.AddComponent(SchemaId, await context.GetOrCreateSchemaAsync(typeof(ProblemResponse), null, ct));

        operation.Responses ??= [];
        var codes = CodesOf(operation, context).Distinct().ToLookup(ProblemCatalogue.StatusOf);
        var statuses = context.All<ProducesProblemAttribute>().SelectMany(refuses => refuses.Statuses);
        foreach (var status in codes.Select(group => group.Key).Concat(statuses).Distinct())
        {
            operation.Responses.TryAdd(OperationContext.StatusText(status), new OpenApiResponse
            {
                Description = Describe(status, codes[status]),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [MediaType] = new()
                    {
                        Schema = new OpenApiSchemaReference(SchemaId, document),
                        Examples = codes[status].ToDictionary(code => code, IOpenApiExample (code) => ExampleOf(code, document)),
                    },
                },
            });
        }

        operation.Responses = InOrder(operation.Responses);
    }

    private static IEnumerable<string> CodesOf(OpenApiOperation operation, OpenApiOperationTransformerContext context) =>
    [
        "invalid-request",
        "unknown-parameter",
        .. context.Find<AuthorizeAttribute>() is null ? (string[])[] : ["unauthorized", "forbidden"],
        .. context.Find<FileBodyAttribute>() switch
        {
            PictureBodyAttribute or TwoPicturesBodyAttribute => OfPictures,
            ArchiveBodyAttribute => OfArchives,
            _ => operation.RequestBody is null ? [] : ["malformed-body", "body-too-slow", "unsupported-content-type", "body-too-large"],
        },
        .. context.HasRouteValue("collection") ? (string[])["collection-not-found"] : [],
        .. context.Find<ExpectsETagAttribute>() is null ? (string[])[] : ["changed-meanwhile"],
        .. Parameters.IsIdempotent(context) ? (string[])["malformed-idempotency-key", "idempotency-key-reused", "idempotency-key-in-use"] : [],
        "too-many-requests",
        .. context.Find<RequiresIndexAttribute>() is null ? (string[])[] : ["index-loading"],
        .. context.Find<EnableRateLimitingAttribute>() is null ? (string[])[] : ["busy"],
        "internal-error",
        "storage-unavailable",
        .. context.All<ProducesProblemAttribute>().SelectMany(refuses => refuses.Codes),
    ];

    private static string Describe(int status, IEnumerable<string> codes)
    {
        var names = string.Join(", ", codes.Select(code => $"`{code}`"));
        var phrase = ReasonPhrases.GetReasonPhrase(status);
        return names.Length == 0 ? phrase : $"{phrase}: {names}";
    }

    private static OpenApiExampleReference ExampleOf(string code, OpenApiDocument document)
    {
        if (document.Components?.Examples?.ContainsKey(code) is not true)
        {
            document.AddComponent<IOpenApiExample>(code, new OpenApiExample
            {
                Summary = ProblemMapping.TypePrefix + code,
                Value = ProblemCatalogue.ExampleOf(code),
            });
        }

        return new OpenApiExampleReference(code, document);
    }

    private static OpenApiResponses InOrder(OpenApiResponses responses)
    {
        var ordered = new OpenApiResponses();
        foreach (var (status, response) in responses.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            ordered.Add(status, response);
        return ordered;
    }
}
