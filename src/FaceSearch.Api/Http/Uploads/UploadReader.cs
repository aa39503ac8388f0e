using System.Text;
using FaceSearch.Api.Http.Binding;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>
/// Reads the files of a request as a stream: multipart fields, or the body itself. Pictures are kept in memory,
/// archives on disk. Larger files are refused at their limit.
/// </summary>
public sealed class UploadReader(IArchiveStore archives, IOptions<EnrolmentOptions> options)
{
    private static readonly string[] PictureFields = ["file", "image"];

    private static readonly string[] ArchiveFields = ["file"];

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
        var type = ContentTypeOf(request, PictureFields, RawPicture);
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
        var type = ContentTypeOf(request, [first], RawPicture);
        if (type.Error is { } error)
            return error;
        if (!Multipart.Is(type.Value))
            return ApiErrors.UnsupportedForm;

        var form = await ReadFormAsync(
            request, type.Value, name => Array.Find([first, second], file => file.Equals(name, StringComparison.OrdinalIgnoreCase)), ct);
        var (one, two) = (form.Take(first), form.Take(second));
        return (one.Error ?? two.Error) is { } missing ? missing : (one.Value, two.Value);
    }

    /// <summary>Receives an archive on disk. Disposing the result deletes the temporary file.</summary>
    public async Task<Result<UploadedArchive>> ReceiveArchiveAsync(HttpRequest request, CancellationToken ct)
    {
        var upload = await OpenAsync(request, ArchiveFields, "application/zip", ct);
        if (upload.Error is { } error)
            return error;

        var archive = new UploadedArchive(archives.NewTemporaryFile());
        try
        {
            var refusal = await StoreAsync(upload.Value, archive.TemporaryFile, ct);
            if (refusal is null)
                return archive;

            archive.Dispose();
            return refusal;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    private async Task<Error?> StoreAsync(Upload upload, string path, CancellationToken ct)
    {
        await using var file = File.Create(path);
        return await TryCopyAsync(upload.Content, file, options.Value.MaxArchiveBytes, ct)
            ? await upload.FindMoreAsync(ct)
            : ApiErrors.TooLarge(options.Value.MaxArchiveBytes);
    }

    private static async Task<Result<Upload>> OpenAsync(
        HttpRequest request, string[] fields, string rawType, CancellationToken ct)
    {
        var type = ContentTypeOf(request, fields, rawType);
        if (type.Error is { } error)
            return error;
        if (!Multipart.Is(type.Value))
            return new Upload(request.Body, _ => Task.FromResult<Error?>(null));

        return await OpenSectionAsync(request, type.Value, fields, rawType, ct);
    }

    /// <summary>The file of a form, or of the body itself.</summary>
    private static Result<MediaTypeHeaderValue> ContentTypeOf(HttpRequest request, string[] fields, string rawType)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return request.ContentLength is > 0
                ? ApiErrors.UnsupportedContentType(rawType)
                : ApiErrors.MissingFile(fields[0], rawType);

        return Multipart.Is(type) || type.IsSubsetOf(new MediaTypeHeaderValue(rawType))
            ? type
            : ApiErrors.UnsupportedContentType(rawType);
    }

    /// <summary>The form's first section, which must be the file.</summary>
    private static async Task<Result<Upload>> OpenSectionAsync(
        HttpRequest request, MediaTypeHeaderValue contentType, string[] fields, string rawType, CancellationToken ct)
    {
        if (Multipart.ReaderOf(request, contentType) is not { } reader)
            return ApiErrors.MalformedBody;

        var call = CallParameters.Of(request.HttpContext);
        var first = await Multipart.ReadSectionAsync(reader, call, ct);
        if (first.Error is { } refused)
            return refused;

        return first.Value is { } section
            ? new Upload(section.Body, more => FindMoreAsync(reader, call, more))
            : ApiErrors.MissingFile(fields[0], rawType);
    }

    /// <summary>Null when nothing follows the file.</summary>
    private static async Task<Error?> FindMoreAsync(MultipartReader reader, CallParameters call, CancellationToken ct)
    {
        var next = await Multipart.ReadSectionAsync(reader, call, ct);
        return next.Error ?? (next.Value is { } section ? GivenTwice(Multipart.NameOf(section)) : null);
    }

    private static Error GivenTwice(string name) =>
        CommonErrors.InvalidField(name, $"{name} was given more than once. Give it once.");

    /// <summary>Every file and text field of the form, in whatever order they come.</summary>
    /// <param name="fileNamed">The name for a field's file; null for a field that is not a file.</param>
    private async Task<PictureForm> ReadFormAsync(
        HttpRequest request, MediaTypeHeaderValue contentType, Func<string, string?> fileNamed, CancellationToken ct)
    {
        var form = new PictureForm();
        if (Multipart.ReaderOf(request, contentType) is not { } reader)
            return form.Refuse(ApiErrors.MalformedBody);

        reader.BodyLengthLimit = options.Value.MaxPictureBytes + ReadAhead;
        var call = CallParameters.Of(request.HttpContext);
        for (var sections = 0; ; sections++)
        {
            var next = await Multipart.ReadSectionAsync(reader, call, ct);
            if (next.Error is { } refused)
                return form.Refuse(refused);
            if (next.Value is not { } section)
                return form;
            if (sections == MaxSections)
                return form.Refuse(ApiErrors.MalformedBody);
            if (await ReadSectionAsync(section, form, call, fileNamed, ct) is { } error)
                return form.Refuse(error);
        }
    }

    private async Task<Error?> ReadSectionAsync(
        MultipartSection section, PictureForm form, CallParameters call, Func<string, string?> fileNamed, CancellationToken ct)
    {
        var name = Multipart.NameOf(section);
        var disposition = section.GetContentDispositionHeader()!;
        if (fileNamed(name) is { } kept)
        {
            if (form.Has(kept))
                return GivenTwice(name);

            var bytes = await ReadAsync(section.Body, ct);
            if (bytes.Error is null)
                form.Add(kept, bytes.Value, FileNameOf(disposition));
            return bytes.Error;
        }

        if (disposition.IsFileDisposition())
            return CommonErrors.InvalidField(name, $"{name} is a text, not a file.");

        using var text = new MemoryStream();
        if (!await TryCopyAsync(section.Body, text, MaxFieldBytes, ct))
            return CommonErrors.InvalidField(name, $"The field is longer than {MaxFieldBytes} bytes.");

        var texts = form.Add(name, Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length)));
        return call.FindFault(name, texts);
    }

    private async Task<Result<ReadOnlyMemory<byte>>> ReadAsync(Stream content, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        return await TryCopyAsync(content, buffer, options.Value.MaxPictureBytes, ct)
            ? (ReadOnlyMemory<byte>)buffer.GetBuffer().AsMemory(0, (int)buffer.Length)
            : ApiErrors.TooLarge(options.Value.MaxPictureBytes);
    }

    private static string RawFileName(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition)
            ? FileNameOf(disposition)
            : string.Empty;

    /// <summary>
    /// Some clients send a whole path; only its last part is the file's name. A name that is too long keeps its end,
    /// which has the number of the picture.
    /// </summary>
    private static string FileNameOf(ContentDispositionHeaderValue disposition)
    {
        var header = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        var path = HeaderUtilities.RemoveQuotes(header).Value ?? string.Empty;
        var name = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        return new string([.. name[Math.Max(0, name.Length - Image.FileNameMaxLength)..].Where(c => !char.IsControl(c))]);
    }

    /// <summary>False when there is more than the limit; the rest is not read.</summary>
    private static async Task<bool> TryCopyAsync(Stream source, Stream destination, long limit, CancellationToken ct)
    {
        var buffer = new byte[81920];
        var total = 0L;
        int read;
        while ((read = await ReadAsync(source, buffer, ct)) > 0)
        {
            total += read;
            if (total > limit)
                return false;
            await destination.WriteAsync(buffer.AsMemory(0, read), ct);
        }

        return true;
    }

    /// <summary>Distinguishes a broken request body from a failing disk: both are IOExceptions.</summary>
    private static async ValueTask<int> ReadAsync(Stream source, byte[] buffer, CancellationToken ct)
    {
        try
        {
            return await source.ReadAsync(buffer, ct);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body broke off.", exception);
        }
    }

    /// <summary>A file that is being received.</summary>
    /// <param name="FindMoreAsync">To be called after the file was read: refuses what follows it.</param>
    private sealed record Upload(Stream Content, Func<CancellationToken, Task<Error?>> FindMoreAsync);
}
