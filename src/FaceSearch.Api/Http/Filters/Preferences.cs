namespace FaceSearch.Api.Http.Filters;

/// <summary>The preferences of a request (RFC 7240).</summary>
internal static class Preferences
{
    public const string RespondAsync = "respond-async";

    public const string HeaderName = "Prefer";

    public const string AppliedHeaderName = "Preference-Applied";

    /// <summary>Names have any letter case and may have parameters. A header that can't be read is ignored, as the RFC says.</summary>
    public static bool Prefers(this HttpRequest request, string preference)
    {
        // The header Expect has the same syntax, and the framework has no other parser of it.
        using var message = new HttpRequestMessage();
        foreach (var header in request.Headers[HeaderName])
            message.Headers.Expect.TryParseAdd(header);
        return message.Headers.Expect.Any(given => given.Name.Equals(preference, StringComparison.OrdinalIgnoreCase));
    }

    public static void SetApplied(this HttpResponse response, string preference) =>
        response.Headers[AppliedHeaderName] = preference;
}
