using System.Text.Json.Nodes;
using FaceSearch.Api.Http.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>Adds the two ways to send a key, and <c>x-scopes</c>: the scopes, one of which the key must have.</summary>
internal static class KeysAndScopes
{
    /// <summary>OpenAPI has no scheme for a key in a form.</summary>
    private static readonly OpenApiSecurityRequirement InForm = [];

    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (context.Find<AuthorizeAttribute>() is not { } authorize)
            return Task.CompletedTask;

        var policy = authorize.Policy ?? string.Empty;
        var scopes = Scopes.KeyScopesOf(policy);
        operation.Security =
        [
            Requirement(ApiKeyAuthenticationHandler.SchemeName),
            Requirement(DocumentDescription.BearerName),
            .. context.Find<ApiKeyInFormAttribute>() is null ? (OpenApiSecurityRequirement[])[] : [InForm],
        ];
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-scopes"] = new JsonNodeExtension(new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]));
        var sentence = $"Scope: {string.Join(" or ", scopes.Select(scope => $"`{scope}`"))}"
            + (Scopes.NeedsUnboundKey(policy) ? ", of a key that is not bound to collections." : ".")
            + (Scopes.IsOpenInDevelopment(policy) ? " In the Development environment no key is needed." : string.Empty);
        operation.Description = string.IsNullOrEmpty(operation.Description)
            ? sentence
            : $"{operation.Description.Trim()}\n\n{sentence}";
        return Task.CompletedTask;

        OpenApiSecurityRequirement Requirement(string scheme) =>
            new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
    }
}
