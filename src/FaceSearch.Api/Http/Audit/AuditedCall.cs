using System.Security.Claims;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Audit;
using FaceSearch.Domain.Collections;

namespace FaceSearch.Api.Http.Audit;

/// <summary>The audit entry of the current call. A feature of the request.</summary>
internal sealed class AuditedCall
{
    private const string CollectionRouteKey = "collection";

    private const string VersionedPrefix = "/v1";

    private readonly string action;
    private readonly string? collection;
    private readonly string? routeSubject;
    private bool isTaken;

    private AuditedCall(HttpContext context, Endpoint endpoint, string action)
    {
        this.action = action;
        var method = context.Request.Method;
        Changes = !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method)
            && (!HttpMethods.IsPost(method) || endpoint.Metadata.GetMetadata<IdempotentAttribute>() is not null);
        collection = context.Request.Path.StartsWithSegments(VersionedPrefix)
            ? NameOrNull(context.GetRouteValue(CollectionRouteKey) as string)
            : Collection.DefaultName;

        var ids = context.Request.RouteValues
            .Where(value => value.Key.EndsWith("id", StringComparison.OrdinalIgnoreCase))
            .Select(value => value.Value as string)
            .Where(IsId);
        routeSubject = string.Join('/', ids) is { Length: > 0 } joined ? joined : null;
    }

    /// <summary>The subject's id, for calls whose route and Location header have none.</summary>
    public string? Subject { get; set; }

    /// <summary>Null for calls that are not audited: health checks, documents, unknown routes.</summary>
    public static AuditedCall? Of(HttpContext context) =>
        context.GetEndpoint() is { } endpoint
        && endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is { } name
            ? new AuditedCall(context, endpoint, name)
            : null;

    /// <summary>The call is to change data. When it succeeds, its entry must be committed before the answer is sent.</summary>
    public bool Changes { get; }

    /// <summary>The entry. Null on the second call, and for callers with an unknown key.</summary>
    public AuditEntry? Take(HttpContext context, DateTime now)
    {
        var status = context.Response.StatusCode;
        var keyId = EntityId.Parse(context.User.FindFirstValue(ClaimTypes.NameIdentifier))
            ?? context.Features.Get<ExpiredKey>()?.Id;
        if (isTaken || (keyId is null && status == StatusCodes.Status401Unauthorized))
            return null;

        isTaken = true;
        var made = Made(context.Response.Headers.Location.ToString());
        return new AuditEntry
        {
            At = now,
            ApiKeyId = keyId,
            Action = action,
            Collection = collection ?? made.Collection,
            Subject = Subject ?? made.Subject ?? routeSubject,
            Status = status,
        };
    }

    /// <summary>The id of the resource that the call has created: <c>/v1/collections/staff/faces/7</c>.</summary>
    private static (string? Collection, string? Subject) Made(string location) =>
        location.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["v1", "collections", var name] => (NameOrNull(name), NameOrNull(name)),
            ["v1", "collections", var name, .., var id] => (NameOrNull(name), IsId(id) ? id : null),
            [.., var id] when IsId(id) => (null, id),
            _ => (null, null),
        };

    /// <summary>Null for a route value that can't be a collection's name.</summary>
    private static string? NameOrNull(string? name) =>
        name is { Length: > 0 and <= Collection.NameMaxLength }
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
            ? name
            : null;

    private static bool IsId(string? text) => EntityId.Parse(text) is not null || Guid.TryParse(text, out _);
}
