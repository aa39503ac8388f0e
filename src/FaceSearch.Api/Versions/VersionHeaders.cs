using System.Globalization;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Versions;

/// <summary>The version of a resource as its ETag, and the version a change expects (RFC 9110, 13.1.1).</summary>
internal static class VersionHeaders
{
    public static void SetVersion(this HttpResponse response, int version) =>
        response.Headers.ETag = TagOf(version);

    /// <summary>The version that <c>If-Match</c> names; null without the header or with <c>*</c>.</summary>
    /// <returns>Error: <c>changed-meanwhile</c> when the header is no tag of ours.</returns>
    public static Result<int?> ExpectedVersion(this HttpRequest request)
    {
        var tags = new RequestHeaders(request.Headers).IfMatch;
        if (tags is [] || tags.Contains(EntityTagHeaderValue.Any))
            return (int?)null;

        return tags is [{ IsWeak: false } tag]
            && int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : CommonErrors.Changed;
    }

    private static string TagOf(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
