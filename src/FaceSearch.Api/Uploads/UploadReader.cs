using System.Text;
using FaceSearch.Api.Problems;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Images;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Uploads;

/// <summary>
/// Takes the files out of a request as it streams in: multipart fields, or the body itself. Pictures go to memory,
/// archives to disk; both are cut off at their limit.
/// </summary>
public sealed class UploadReader(IArchiveStore archives, IOptions<EnrolmentOptions> options)
{
    private static readonly string[] PictureFields = ["file", "image"];

    private static readonly string[] ArchiveFields = ["file"];

    private const string RawPicture = "image/*";

    /// <summary>Fields and files of a form; more are an attack.</summary>
    private const int MaxSections = 64;

    /// <summary>The longest thing a client may say beside a picture is its tags.</summary>
    private const int MaxFieldBytes = 8192;

    /// <summary>Files that nobody asked for are read over up to the limit of a picture and a bit.</summary>
    private const long ReadAhead = 1 << 20;

    /// <summary>Errors: <c>missing-file</c>, <c>unsupported-content-type</c>, <c>file-too-large</c>, <c>malformed-body</c>.</summary>
    public async Task<Result<UploadedPicture>> ReadPictureAsync(HttpRequest request, CancellationToken ct)
    {
        var type = ContentTypeOf(request, PictureFields, RawPicture);
        if (type.Error is { } error)
            return error;
        if (IsMultipart(type.Value))
            return (await ReadFormAsync(request, type.Value, name => PictureFields.Contains(name) ? PictureFields[0] : null, ct))
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
        if (!IsMultipart(type.Value))
            return ApiErrors.UnsupportedForm;

        var form = await ReadFormAsync(request, type.Value, name => name == first || name == second ? name : null, ct);
        var (one, two) = (form.Take(first), form.Take(second));
        return (one.Error ?? two.Error) is { } missing ? missing : (one.Value, two.Value);
    }

    /// <summary>Receives an archive on disk; the temporary file is gone when the answer is disposed of.</summary>
    public async Task<Result<UploadedArchive>> ReceiveArchiveAsync(HttpRequest request, CancellationToken ct)
    {
        var upload = await OpenAsync(request, ArchiveFields, "application/zip", ct);
        if (upload.Error is { } error)
            return error;

        var archive = new UploadedArchive(archives.NewTemporaryFile());
        try
        {
            await using var file = File.Create(archive.TemporaryFile);
            if (await TryCopyAsync(upload.Value.Content, file, options.Value.MaxArchiveBytes, ct))
                return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }

        archive.Dispose();
        return ApiErrors.TooLarge(options.Value.MaxArchiveBytes);
    }

    private static async Task<Result<Upload>> OpenAsync(
        HttpRequest request, string[] fields, string rawType, CancellationToken ct)
    {
        var type = ContentTypeOf(request, fields, rawType);
        if (type.Error is { } error)
            return error;
        if (!IsMultipart(type.Value))
            return new Upload(request.Body, RawFileName(request));

        return await FindSectionAsync(request, type.Value, fields, ct) ?? ApiErrors.MissingFile(fields[0], rawType);
    }

    /// <summary>A form's, or that of the file itself.</summary>
    private static Result<MediaTypeHeaderValue> ContentTypeOf(HttpRequest request, string[] fields, string rawType)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return request.ContentLength is > 0
                ? ApiErrors.UnsupportedContentType(rawType)
                : ApiErrors.MissingFile(fields[0], rawType);

        return IsMultipart(type) || type.IsSubsetOf(new MediaTypeHeaderValue(rawType))
            ? type
            : ApiErrors.UnsupportedContentType(rawType);
    }

    private static bool IsMultipart(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    private static async Task<Result<Upload>?> FindSectionAsync(
        HttpRequest request, MediaTypeHeaderValue contentType, string[] fields, CancellationToken ct)
    {
        if (BoundaryOf(contentType) is not { } boundary)
            return ApiErrors.MalformedBody;

        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(ct) is { } section)
            {
                if (section.GetContentDispositionHeader() is { } disposition
                    && fields.Contains(HeaderUtilities.RemoveQuotes(disposition.Name).Value))
                    return new Upload(section.Body, FileNameOf(disposition));
            }

            return null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return ApiErrors.MalformedBody;
        }
    }

    /// <summary>Every file and text field of the form, in whatever order they come.</summary>
    /// <param name="fileNamed">Under which name a field's file is kept; null for a field that holds no file of ours.</param>
    private async Task<PictureForm> ReadFormAsync(
        HttpRequest request, MediaTypeHeaderValue contentType, Func<string, string?> fileNamed, CancellationToken ct)
    {
        var form = new PictureForm();
        if (BoundaryOf(contentType) is not { } boundary)
            return form.Refuse(ApiErrors.MalformedBody);

        try
        {
            var reader = new MultipartReader(boundary, request.Body)
            {
                BodyLengthLimit = options.Value.MaxPictureBytes + ReadAhead,
            };
            for (var sections = 0; await reader.ReadNextSectionAsync(ct) is { } section; sections++)
            {
                if (sections == MaxSections)
                    return form.Refuse(ApiErrors.MalformedBody);
                if (await ReadSectionAsync(section, form, fileNamed, ct) is { } error)
                    return form.Refuse(error);
            }

            return form;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return form.Refuse(ApiErrors.MalformedBody);
        }
    }

    private async Task<Error?> ReadSectionAsync(
        MultipartSection section, PictureForm form, Func<string, string?> fileNamed, CancellationToken ct)
    {
        if (section.GetContentDispositionHeader() is not { } disposition)
            return null;

        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? string.Empty;
        if (fileNamed(name) is { } kept)
        {
            if (form.Has(kept))
                return null;

            var bytes = await ReadAsync(section.Body, ct);
            if (bytes.Error is null)
                form.Add(kept, bytes.Value, FileNameOf(disposition));
            return bytes.Error;
        }

        if (disposition.IsFileDisposition())
            return null;

        using var text = new MemoryStream();
        if (!await TryCopyAsync(section.Body, text, MaxFieldBytes, ct))
            return CommonErrors.InvalidField(name, $"The field is longer than {MaxFieldBytes} bytes.");

        form.Add(name, Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length)));
        return null;
    }

    private async Task<Result<ReadOnlyMemory<byte>>> ReadAsync(Stream content, CancellationToken ct)
    {
        using var buffer = new MemoryStream();
        return await TryCopyAsync(content, buffer, options.Value.MaxPictureBytes, ct)
            ? (ReadOnlyMemory<byte>)buffer.GetBuffer().AsMemory(0, (int)buffer.Length)
            : ApiErrors.TooLarge(options.Value.MaxPictureBytes);
    }

    private static string? BoundaryOf(MediaTypeHeaderValue contentType)
    {
        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary).Value;
        return string.IsNullOrWhiteSpace(boundary) || boundary.Length > MultipartReader.DefaultHeadersLengthLimit
            ? null
            : boundary;
    }

    private static string RawFileName(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition)
            ? FileNameOf(disposition)
            : string.Empty;

    /// <summary>
    /// Some clients send a whole path; only its last part is the file's name. Of one that is too long the end is kept,
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

    /// <summary>Tells a body that breaks off from a disk that fails: both are IOExceptions.</summary>
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

    /// <summary>A file on its way in, and the name the client gave it, or an empty one.</summary>
    private sealed record Upload(Stream Content, string FileName);
}
