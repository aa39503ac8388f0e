using FaceSearch.Api.Http.Binding;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>
/// Receives archives on disk: the only field of a form, or the body itself. The upload folder has a budget, which is
/// checked at the start by the Content-Length, and again while the archive arrives.
/// </summary>
public sealed class ArchiveReceiver(IArchiveStore archives, IOptions<EnrolmentOptions> options)
{
    private const string Field = "file";

    private const string RawType = "application/zip";

    /// <summary>Bytes between two checks of the budget. Each concurrent upload may exceed the budget by as much.</summary>
    private const long CheckedBytes = 1 << 24;

    /// <summary>
    /// Disposing the result deletes the temporary file. Errors: <c>missing-file</c>, <c>unsupported-content-type</c>,
    /// <c>file-too-large</c>, <c>malformed-body</c>, <c>storage-full</c>.
    /// </summary>
    public async Task<Result<UploadedArchive>> ReceiveAsync(HttpRequest request, CancellationToken ct)
    {
        var upload = await OpenAsync(request, ct);
        if (upload.Error is { } error)
            return error;
        if (!archives.HasRoomFor(request.ContentLength ?? 1))
            return ApiErrors.UploadFolderFull;

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
        // Without a buffer, so that the file's length on disk is exact.
        await using var file = File.Create(path, bufferSize: 1);
        return await BodyCopy.CopyAsync(upload.Content, file, NewCheck(), ct)
            ?? await upload.FindMoreAsync(ct)
            ?? (archives.HasRoomFor(0) ? null : ApiErrors.UploadFolderFull);
    }

    private Func<long, Error?> NewCheck()
    {
        var checkedAt = 0L;
        return total =>
        {
            if (total > options.Value.MaxArchiveBytes)
                return ApiErrors.TooLarge(options.Value.MaxArchiveBytes);
            if (total - checkedAt < CheckedBytes)
                return null;

            checkedAt = total;
            return archives.HasRoomFor(0) ? null : ApiErrors.UploadFolderFull;
        };
    }

    private static async Task<Result<Upload>> OpenAsync(HttpRequest request, CancellationToken ct)
    {
        var type = Multipart.TypeOf(request, Field, RawType);
        if (type.Error is { } error)
            return error;
        if (!Multipart.Is(type.Value))
            return new Upload(request.Body, _ => Task.FromResult<Error?>(null));

        return Multipart.ReaderOf(request.Body, type.Value) is { } reader
            ? await OpenSectionAsync(reader, CallParameters.Of(request.HttpContext), ct)
            : ApiErrors.MalformedBody;
    }

    /// <summary>The form's first section, which must be the file.</summary>
    private static async Task<Result<Upload>> OpenSectionAsync(MultipartReader reader, CallParameters call, CancellationToken ct)
    {
        var first = await Multipart.ReadSectionAsync(reader, call, ct);
        if (first.Error is { } refused)
            return refused;

        return first.Value is { } section
            ? new Upload(section.Body, more => FindMoreAsync(reader, call, more))
            : ApiErrors.MissingFile(Field, RawType);
    }

    /// <summary>Null when nothing follows the file.</summary>
    private static async Task<Error?> FindMoreAsync(MultipartReader reader, CallParameters call, CancellationToken ct)
    {
        var next = await Multipart.ReadSectionAsync(reader, call, ct);
        return next.Error ?? (next.Value is { } section ? Multipart.GivenTwice(Multipart.NameOf(section)) : null);
    }

    /// <summary>A file that is being received.</summary>
    /// <param name="FindMoreAsync">To be called after the file was read: refuses what follows it.</param>
    private sealed record Upload(Stream Content, Func<CancellationToken, Task<Error?>> FindMoreAsync);
}
