using FaceSearch.Api.Http.Binding;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>Forms of <c>multipart/form-data</c>, section by section as they stream in.</summary>
internal static class Multipart
{
    public static bool Is(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The content type of a form, or of a body that is the file itself. Errors: <c>missing-file</c>,
    /// <c>unsupported-content-type</c>.
    /// </summary>
    public static Result<MediaTypeHeaderValue> TypeOf(HttpRequest request, string field, string rawType)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return request.ContentLength is > 0
                ? ApiErrors.UnsupportedContentType(rawType)
                : ApiErrors.MissingFile(field, rawType);

        return Is(type) || type.IsSubsetOf(new MediaTypeHeaderValue(rawType))
            ? type
            : ApiErrors.UnsupportedContentType(rawType);
    }

    /// <summary>Null when the content type has no boundary, or one over 128 characters; RFC 2046 allows 70.</summary>
    public static MultipartReader? ReaderOf(Stream body, MediaTypeHeaderValue contentType)
    {
        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary).Value;
        return string.IsNullOrWhiteSpace(boundary) || boundary.Length > FormOptions.DefaultMultipartBoundaryLengthLimit
            ? null
            : new MultipartReader(boundary, body);
    }

    /// <summary>
    /// The next section, of a field that the call takes; null at the end. Errors: <c>malformed-body</c>,
    /// <c>unknown-parameter</c>.
    /// </summary>
    /// <param name="takesCharset">Whether the section may be <see cref="PartTexts.CharsetField"/>.</param>
    public static async Task<Result<MultipartSection?>> ReadSectionAsync(
        MultipartReader reader, CallParameters call, CancellationToken ct, bool takesCharset = false)
    {
        try
        {
            var section = await reader.ReadNextSectionAsync(ct);
            if (section is null)
                return section;
            if (section.GetContentDispositionHeader() is null)
                return ApiErrors.MalformedBody;

            var name = NameOf(section);
            return takesCharset && name == PartTexts.CharsetField || call.FindUnknownInForm(name) is not { } unknown
                ? section
                : unknown;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return ApiErrors.MalformedBody;
        }
    }

    /// <summary>The field's name; empty without one.</summary>
    public static string NameOf(MultipartSection section) =>
        HeaderUtilities.RemoveQuotes(section.GetContentDispositionHeader()!.Name).Value ?? string.Empty;

    public static Error GivenTwice(string name) =>
        CommonErrors.InvalidField(name, $"{name} was given more than once. Give it once.");
}
