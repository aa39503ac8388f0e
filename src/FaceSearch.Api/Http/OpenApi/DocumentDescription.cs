using System.Reflection;
using FaceSearch.Api.Http.Authentication;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>Title, licence, tags and the two ways a key may come.</summary>
internal static class DocumentDescription
{
    public const string BearerName = "Bearer";

    /// <summary>Of the build, without the hash of its commit.</summary>
    private static readonly string Version = typeof(DocumentDescription).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Search", "The nearest enrolled faces of every face in a picture."),
        ("Faces", "Enrolled faces, their pictures and what is known about them."),
        ("Persons", "The persons of the faces: rename, merge, correct and erase."),
        ("Collections", "Sets of faces that are searched together; each pins the model that makes its embeddings."),
        ("Detection", "Find and compare faces without enrolling anything."),
        ("Calibration", "What a tolerance means among a collection's own faces."),
        ("Bulk enrolment", "Zips of pictures and other long work, as jobs with progress and a reason for every failure."),
        ("Engine", "Which models find and compare the faces."),
        ("Keys", "API keys, their scopes and the collections they are bound to."),
        ("Audit", "The log of searches, enrolments, changes and erasures: ids only."),
    ];

    public static Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "FaceSearch",
            Version = Version,
            Description = "Enrol photographs of faces; post a picture and get the nearest enrolled faces of every face in it.\n\n"
                + "Errors are `application/problem+json` (RFC 9457) with a stable `type` and a `detail` that says what to do. "
                + "Lists are paged by an opaque `cursor`. Ids are opaque strings. Fields and values of enums may be added within v1; "
                + "ignore what you don't know. Every answer has an `X-Request-Id`, which the server's log has too.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
            Contact = new OpenApiContact { Name = "The FaceSearch authors" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The server that serves this document." }];
        var used = document.Paths.Values
            .SelectMany(path => path.Operations ?? [])
            .SelectMany(operation => operation.Value.Tags ?? new HashSet<OpenApiTagReference>())
            .Select(tag => tag.Reference.Id)
            .ToHashSet();
        document.Tags = Tags
            .Where(tag => used.Contains(tag.Name))
            .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            .ToHashSet();
        document.Components?.Schemas?.Remove(nameof(Stream));
        AddSecuritySchemes(document.Components ??= new OpenApiComponents());
        return Task.CompletedTask;
    }

    private static void AddSecuritySchemes(OpenApiComponents components) =>
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKeyAuthenticationHandler.SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthenticationHandler.HeaderName,
                Description = "An API key: the one that the server shows at its first start, or one of `POST /v1/keys`.",
            },
            [BearerName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The same key as 'Authorization: Bearer'.",
            },
        };
}
