using FaceSearch.Application.Results;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Filters;

/// <summary>The tag of a resource as its ETag, and the tags a change expects (RFC 9110, 13.1.1).</summary>
internal static class EntityTags
{
    private static readonly Error Unreadable = CommonErrors.InvalidField(
        HeaderNames.IfMatch,
        "If-Match is *, or one or several ETags as the server sent them, with their quotes: \"7-1a2b3c4d5e6f7a8b\".");

    /// <param name="tag">Without quotes.</param>
    public static void SetTag(this HttpResponse response, string tag) => response.Headers.ETag = $"\"{tag}\"";

    /// <summary>An invalid precondition must not count as none. Error: <c>invalid-request</c>.</summary>
    public static Error? FindUnreadableIfMatch(this HttpRequest request) =>
        request.Headers.IfMatch.Count == 0 || TryRead(request.Headers.IfMatch, out _) ? null : Unreadable;

    /// <summary>
    /// The tags that <c>If-Match</c> names, without quotes; null without the header or with <c>*</c>. Empty, which no
    /// resource matches, when all are weak.
    /// </summary>
    public static IReadOnlyList<string>? ExpectedTags(this HttpRequest request) =>
        request.Headers.IfMatch.Count == 0 ? null
        : !TryRead(request.Headers.IfMatch, out var tags) ? []
        : tags.Contains(EntityTagHeaderValue.Any) ? null
        : [.. tags.Where(tag => !tag.IsWeak).Select(tag => tag.Tag.ToString()[1..^1])];

    /// <summary>
    /// Whether the caller has the answer with this ETag already (RFC 9110, 13.1.2). An invalid <c>If-None-Match</c> counts
    /// as none: the answer is then complete.
    /// </summary>
    public static bool HasAnswer(this HttpRequest request, string etag) =>
        EntityTagHeaderValue.TryParseStrictList(request.Headers.IfNoneMatch, out var known)
        && EntityTagHeaderValue.TryParse(etag, out var current)
        && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: false));

    /// <summary>Either all of it, or <c>*</c> alone.</summary>
    private static bool TryRead(StringValues header, out IList<EntityTagHeaderValue> tags) =>
        EntityTagHeaderValue.TryParseStrictList(header, out tags!)
        && (tags.Count == 1 || (tags.Count > 1 && !tags.Contains(EntityTagHeaderValue.Any)));
}
