using System.Globalization;
using FaceSearch.Api.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace FaceSearch.Api.OpenApi;

/// <summary>What the document says beyond the controllers' signatures: file bodies, keys and problems.</summary>
internal static class OpenApiRegistration
{
    private const string ProblemType = "application/problem+json";

    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer(DescribeAsync);
            options.AddOperationTransformer(AddFileBodyAsync);
            options.AddOperationTransformer(AddSecurityAsync);
            options.AddOperationTransformer(AddProblemsAsync);
        });

    private static Task DescribeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "FaceSearch",
            Version = "1",
            Description = "Enrol photographs of faces; post a picture and get the nearest enrolled faces of every face in it.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKeyAuthenticationHandler.SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthenticationHandler.HeaderName,
                Description = "Also taken as 'Authorization: Bearer'.",
            },
        };
        return Task.CompletedTask;
    }

    private static Task AddFileBodyAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (MetadataOf<FileBodyAttribute>(context) is not { } body)
            return Task.CompletedTask;

        var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = body.RawTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = file }),
        };
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        operation.RequestBody.Content!["multipart/form-data"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = body.Files.Select(name => (name, Schema: file))
                    .Concat(body.Fields.Select(name => (name, Schema: text)))
                    .ToDictionary(field => field.name, field => (IOpenApiSchema)field.Schema),
                Required = body.Files.ToHashSet(),
            },
        };
        return Task.CompletedTask;
    }

    private static Task AddSecurityAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (MetadataOf<AuthorizeAttribute>(context) is not null)
        {
            var scheme = new OpenApiSecuritySchemeReference(ApiKeyAuthenticationHandler.SchemeName, context.Document);
            operation.Security = [new OpenApiSecurityRequirement { [scheme] = [] }];
        }

        return Task.CompletedTask;
    }

    private static async Task AddProblemsAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, ct);
        operation.Responses ??= [];
        foreach (var status in ProblemStatuses(context))
        {
            operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = new Dictionary<string, OpenApiMediaType> { [ProblemType] = new() { Schema = schema } },
            });
        }
    }

    private static IEnumerable<int> ProblemStatuses(OpenApiOperationTransformerContext context)
    {
        int[] always = [400, 401, 403, 503];
        int[] ofBody = MetadataOf<FileBodyAttribute>(context) is null ? [] : [413, 415];
        return [.. always, .. ofBody, .. MetadataOf<RefusesAttribute>(context)?.Statuses ?? []];
    }

    private static T? MetadataOf<T>(OpenApiOperationTransformerContext context)
        where T : class =>
        context.Description.ActionDescriptor.EndpointMetadata.OfType<T>().FirstOrDefault();
}
