using FaceSearch.Api.Http.Binding;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>Forms of <c>multipart/form-data</c>, section by section as they stream in.</summary>
internal static class Multipart
{
    public static bool Is(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null when the content type has no boundary.</summary>
    public static MultipartReader? ReaderOf(HttpRequest request, MediaTypeHeaderValue contentType)
    {
        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary).Value;
        return string.IsNullOrWhiteSpace(boundary) || boundary.Length > MultipartReader.DefaultHeadersLengthLimit
            ? null
            : new MultipartReader(boundary, request.Body);
    }

    /// <summary>
    /// The next section, of a field that the call takes; null at the end. Errors: <c>malformed-body</c>,
    /// <c>unknown-parameter</c>.
    /// </summary>
    public static async Task<Result<MultipartSection?>> ReadSectionAsync(
        MultipartReader reader, CallParameters call, CancellationToken ct)
    {
        try
        {
            var section = await reader.ReadNextSectionAsync(ct);
            if (section is null)
                return section;
            if (section.GetContentDispositionHeader() is null)
                return ApiErrors.MalformedBody;

            return call.FindUnknownInForm(NameOf(section)) is { } unknown ? unknown : section;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return ApiErrors.MalformedBody;
        }
    }

    /// <summary>The field's name; empty without one.</summary>
    public static string NameOf(MultipartSection section) =>
        HeaderUtilities.RemoveQuotes(section.GetContentDispositionHeader()!.Name).Value ?? string.Empty;
}
