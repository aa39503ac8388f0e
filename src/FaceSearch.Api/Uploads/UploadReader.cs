using FaceSearch.Api.Problems;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Uploads;

/// <summary>
/// Takes the one file out of a request as it streams in: a multipart field, or the body itself. Pictures go to
/// memory, archives to disk; both are cut off at their limit.
/// </summary>
public sealed class UploadReader(IArchiveStore archives, IOptions<EnrolmentOptions> options)
{
    private static readonly string[] PictureFields = ["file", "image"];

    private static readonly string[] ArchiveFields = ["file"];

    /// <summary>Errors: <c>missing-file</c>, <c>unsupported-content-type</c>, <c>file-too-large</c>, <c>malformed-body</c>.</summary>
    public async Task<Result<UploadedPicture>> ReadPictureAsync(HttpRequest request, CancellationToken ct)
    {
        var upload = await OpenAsync(request, PictureFields, "image/*", ct);
        if (upload.Error is { } error)
            return error;

        using var buffer = new MemoryStream();
        return await TryCopyAsync(upload.Value.Content, buffer, options.Value.MaxPictureBytes, ct)
            ? new UploadedPicture(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), upload.Value.FileName)
            : ApiErrors.TooLarge(options.Value.MaxPictureBytes);
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
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var contentType))
            return request.ContentLength is > 0
                ? ApiErrors.UnsupportedContentType(rawType)
                : ApiErrors.MissingFile(fields[0], rawType);
        if (contentType.IsSubsetOf(new MediaTypeHeaderValue(rawType)))
            return new Upload(request.Body, RawFileName(request));
        if (!contentType.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return ApiErrors.UnsupportedContentType(rawType);

        return await FindSectionAsync(request, contentType, fields, ct) ?? ApiErrors.MissingFile(fields[0], rawType);
    }

    private static async Task<Result<Upload>?> FindSectionAsync(
        HttpRequest request, MediaTypeHeaderValue contentType, string[] fields, CancellationToken ct)
    {
        var boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary) || boundary.Length > MultipartReader.DefaultHeadersLengthLimit)
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

    private static string RawFileName(HttpRequest request) =>
        ContentDispositionHeaderValue.TryParse(request.Headers.ContentDisposition.ToString(), out var disposition)
            ? FileNameOf(disposition)
            : string.Empty;

    /// <summary>Some clients send a whole path; only its last part is the file's name.</summary>
    private static string FileNameOf(ContentDispositionHeaderValue disposition)
    {
        var header = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        var path = HeaderUtilities.RemoveQuotes(header).Value ?? string.Empty;
        return new string([.. path.Split('/', '\\')[^1].Where(c => !char.IsControl(c))]);
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
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new BadHttpRequestException("The body broke off.", exception);
        }
    }

    /// <summary>A file on its way in, and the name the client gave it, or an empty one.</summary>
    private sealed record Upload(Stream Content, string FileName);
}
