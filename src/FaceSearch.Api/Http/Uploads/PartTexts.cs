using System.Text;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Texts;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>
/// Decodes the texts of a form's parts: in the charset of the part's Content-Type, else in that of the field
/// <c>_charset_</c> before it (HTML), else in UTF-8, or in Windows-1252 when the bytes are not UTF-8. Not thread-safe.
/// </summary>
internal sealed class PartTexts(RecentBytesStream body)
{
    /// <summary>The field in which a form names the charset of the parts after it.</summary>
    public const string CharsetField = "_charset_";

    private const string Disposition = "Content-Disposition:";

    private Encoding? ofForm;

    /// <summary>Takes the value of <c>_charset_</c>. Error: <c>invalid-request</c> for an unknown charset.</summary>
    public Error? SetCharset(string name)
    {
        ofForm = TextEncodings.Find(name);
        return ofForm is null ? UnknownCharset(CharsetField) : null;
    }

    /// <summary>Error: <c>invalid-request</c> for an unknown charset.</summary>
    public Result<string> Decode(MultipartSection section, ReadOnlySpan<byte> text)
    {
        var charset = EncodingOf(section);
        return charset.Error is { } unknown ? unknown : TextEncodings.Decode(text, charset.Value);
    }

    /// <summary>The file name as the client wrote it; empty without one. <c>filename*</c> has its own charset.</summary>
    public Result<string> FileNameOf(MultipartSection section)
    {
        var disposition = section.GetContentDispositionHeader()!;
        if (disposition.FileNameStar.HasValue)
            return disposition.FileNameStar.Value!;

        var name = FindRawName(section) ?? HeaderUtilities.RemoveQuotes(disposition.FileName).Value ?? string.Empty;
        return name.All(char.IsAscii) || name.Any(c => c > '\u00FF')
            ? name
            : Decode(section, Encoding.Latin1.GetBytes(name));
    }

    /// <summary>The file name with a character per byte; null when the part's headers are not found.</summary>
    private string? FindRawName(MultipartSection section)
    {
        var headers = Encoding.Latin1.GetString(body.ReadBefore(section.BaseStreamOffset ?? 0));
        var start = headers.LastIndexOf(Disposition, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
            return null;

        var line = headers[(start + Disposition.Length)..].Split('\r', '\n')[0].Trim();
        return ContentDispositionHeaderValue.TryParse(line, out var disposition)
            ? HeaderUtilities.RemoveQuotes(disposition.FileName).Value
            : null;
    }

    private Result<Encoding?> EncodingOf(MultipartSection section)
    {
        if (!MediaTypeHeaderValue.TryParse(section.ContentType, out var type) || !type.Charset.HasValue)
            return ofForm;

        return TextEncodings.Find(HeaderUtilities.RemoveQuotes(type.Charset).Value!) is { } encoding
            ? encoding
            : UnknownCharset(Multipart.NameOf(section));
    }

    private static Error UnknownCharset(string field) =>
        CommonErrors.InvalidField(field, $"The charset of {field} is not known. Send UTF-8, or name another character encoding.");
}
