using System.Net;

namespace FaceSearch.Api.Http.Authentication;

/// <summary>
/// Where a request without a key comes from. A browser sends requests of any web page to a server on the same machine: with
/// the page's <c>Origin</c>, or, after the page's own host name was pointed at the machine, with that name as <c>Host</c>.
/// </summary>
internal static class RequestOrigin
{
    /// <summary>Whether the request is to <c>localhost</c> or a loopback address, and not of another page.</summary>
    /// <param name="origins">Origins whose pages may call without a key; <c>*</c> is none.</param>
    public static bool IsLocal(this HttpRequest request, IReadOnlyList<string> origins) =>
        IsLoopback(request.Host.Host)
        && request.Headers.Origin.All(origin => origins.Contains(origin) || IsOwn(request, origin));

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsOwn(HttpRequest request, string? origin) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
}
