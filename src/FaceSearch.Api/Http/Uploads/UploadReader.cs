using FaceSearch.Api.Http.Binding;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>
/// Reads the pictures of a request into memory: multipart fields, or the body itself. Larger files are refused at their
/// limit.
/// </summary>
public sealed class UploadReader(IOptions<EnrolmentOptions> options)
{
    private static readonly string[] PictureFields = ["file", "image"];

    private const string RawPicture = "image/*";

    /// <summary>Maximum parts per form.</summary>
    private const int MaxSections = 64;

    /// <summary>Maximum bytes of a text field. The tags are the longest field.</summary>
    private const int MaxFieldBytes = 8192;

    /// <summary>An unused part may be one image plus 1 MiB.</summary>
    private const long ReadAhead = 1 << 20;

    /// <summary>Errors: <c>missing-file</c>, <c>unsupported-content-type</c>, <c>file-too-large</c>, <c>malformed-body</c>.</summary>
    public async Task<Result<UploadedPicture>> ReadPictureAsync(HttpRequest request, CancellationToken ct)
    {
        var type = Multipart.TypeOf(request, PictureFields[0], RawPicture);
        if (type.Error is { } error)
            return error;
        if (Multipart.Is(type.Value))
            return (await ReadFormAsync(request, type.Value, name => PictureFields.Contains(name, StringComparer.OrdinalIgnoreCase) ? PictureFields[0] : null, ct))
                .Take(PictureFields[0]);

        var bytes = await ReadAsync(request.Body, ct);
        return bytes.Error is { } tooLarge
            ? tooLarge
            : new UploadedPicture(bytes.Value, RawFileName(request), new Dictionary<string, StringValues>());
    }

    /// <summary>Two pictures of one form. Errors as with one.</summary>
    public async Task<Result<(UploadedPicture First, UploadedPicture Second)>> ReadPicturesAsync(
        HttpRequest request, string first, string second, CancellationToken ct)
    {
        var type = Multipart.TypeOf(request, first, RawPicture);
        if (type.Error is { } error)
            return error;
        if (!Multipart.Is(type.Value))
            return ApiErrors.UnsupportedForm;

        var form = await ReadFormAsync(
            request, type.Value, name => Array.Find([first, second], file => file.Equals(name, StringComparison.OrdinalIgnoreCase)), ct);
        var (one, two) = (form.Take(first), form.Take(second));
        return (one.Error ?? two.Error) is { } missing ? missing : (one.Value, two.Value);
    }

    /// <summary>Every file and text field of the form, in whatever order they come.</summary>
    /// <param name="fileNamed">The name for a field's file; null for a field that is not a file.</param>
    private async Task<PictureForm> ReadFormAsync(
        HttpRequest request, MediaTypeHeaderValue contentType, Func<string, string?> fileNamed, CancellationToken ct)
    {
        var form = new PictureForm();
        var body = new RecentBytesStream(request.Body);
        if (Multipart.ReaderOf(body, contentType) is not { } reader)
            return form.Refuse(ApiErrors.MalformedBody);

        reader.BodyLengthLimit = options.Value.MaxPictureBytes + ReadAhead;
        var (call, texts) = (CallParameters.Of(request.HttpContext), new PartTexts(body));
        for (var sections = 0; ; sections++)
        {
            var next = await Multipart.ReadSectionAsync(reader, call, ct, takesCharset: true);
            if (next.Error is { } refused)
                return form.Refuse(refused);
            if (next.Value is not { } section)
                return form;
            if (sections == MaxSections)
                return form.Refuse(ApiErrors.MalformedBody);
            if (await ReadSectionAsync(section, form, texts, call, fileNamed, ct) is { } error)
                return form.Refuse(error);
        }
    }

    private async Task<Error?> ReadSectionAsync(
        MultipartSection section,
        PictureForm form,
        PartTexts texts,
        CallParameters call,
        Func<string, string?> fileNamed,
        CancellationToken ct)
    {
        var name = Multipart.NameOf(section);
        if (fileNamed(name) is { } kept)
        {
            if (form.Has(kept))
                return Multipart.GivenTwice(name);

            // Before the content, which replaces the headers among the recent bytes.
            var fileName = texts.FileNameOf(section);
            var bytes = await ReadAsync(section.Body, ct);
            if ((fileName.Error ?? bytes.Error) is { } invalid)
                return invalid;

            form.Add(kept, bytes.Value, LastPartOf(fileName.Value));
            return null;
        }

        if (section.GetContentDispositionHeader()!.IsFileDisposition())
            return CommonErrors.InvalidField(name, $"{name} is a text, not a file.");

        using var bytesOfText = new MemoryStream();
        var tooLong = CommonErrors.InvalidField(name, $"The field is longer than {MaxFieldBytes} bytes.");
        if (await BodyCopy.CopyAsync(section.Body, bytesOfText, total => total > MaxFieldBytes ? tooLong : null, ct) is { } refused)
            return refused;

        var text = texts.Decode(section, bytesOfText.GetBuffer().AsSpan(0, (int)bytesOfText.Length));
        if (text.Error is { } unknownCharset)
            return unknownCharset;

        return name == PartTexts.CharsetField ? texts.SetCharset(text.Value) : call.FindFault(name, form.Add(name, text.Value));
    }

    private async Task<Result<ReadOnlyMemory<byte>>> ReadAsync(Stream content, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        var limit = options.Value.MaxPictureBytes;
        var refusal = await BodyCopy.CopyAsync(content, buffer, total => total > limit ? ApiErrors.TooLarge(limit) : null, ct);
        return refusal is null ? (ReadOnlyMemory<byte>)buffer.GetBuffer().AsMemory(0, (int)buffer.Length) : refusal;
    }

    private static string RawFileName(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition)
            ? LastPartOf((disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value)
            : string.Empty;

    /// <summary>
    /// Some clients send a whole path; only its last part is the file's name. A name that is too long keeps its end,
    /// which has the number of the picture.
    /// </summary>
    private static string LastPartOf(string? path)
    {
        path ??= string.Empty;
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        return new string([.. name[Math.Max(0, name.Length - Image.FileNameMaxLength)..].Where(c => !char.IsControl(c))]);
    }
}
