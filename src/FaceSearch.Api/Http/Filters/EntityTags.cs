using System.Globalization;
using FaceSearch.Application.Results;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Filters;

/// <summary>The version of a resource as its ETag, and the versions a change expects (RFC 9110, 13.1.1).</summary>
internal static class VersionHeaders
{
    private static readonly Error Unreadable = CommonErrors.InvalidField(
        HeaderNames.IfMatch,
        "If-Match is *, or one or several ETags as the server sent them, with their quotes: \"7\".");

    public static void SetVersion(this HttpResponse response, int version) =>
        response.Headers.ETag = TagOf(version);

    /// <summary>An invalid precondition must not count as none. Error: <c>invalid-request</c>.</summary>
    public static Error? FindUnreadableIfMatch(this HttpRequest request) =>
        request.Headers.IfMatch.Count == 0 || TryRead(request.Headers.IfMatch, out _) ? null : Unreadable;

    /// <summary>
    /// The versions that <c>If-Match</c> names; null without the header or with <c>*</c>. Empty, which no version
    /// matches, when no tag is a strong ETag of this server. Weak tags never match.
    /// </summary>
    public static IReadOnlyList<int>? ExpectedVersions(this HttpRequest request) =>
        request.Headers.IfMatch.Count == 0 ? null
        : !TryRead(request.Headers.IfMatch, out var tags) ? []
        : tags.Contains(EntityTagHeaderValue.Any) ? null
        : [.. tags.Where(tag => !tag.IsWeak).Select(VersionOf).OfType<int>()];

    /// <summary>Either all of it, or <c>*</c> alone.</summary>
    private static bool TryRead(StringValues header, out IList<EntityTagHeaderValue> tags) =>
        EntityTagHeaderValue.TryParseStrictList(header, out tags!)
        && (tags.Count == 1 || (tags.Count > 1 && !tags.Contains(EntityTagHeaderValue.Any)));

    private static int? VersionOf(EntityTagHeaderValue tag)
    {
        var isVersion = int.TryParse(
            tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version);
        return isVersion && tag.Tag == TagOf(version) ? version : null;
    }

    private static string TagOf(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
