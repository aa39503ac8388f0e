using System.IO.Compression;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Results;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>Zip archives in one folder, each named after its job.</summary>
internal sealed class ZipArchiveStore(IOptions<EnrolmentOptions> options, IHostEnvironment environment) : IArchiveStore
{
    private readonly string directory = Path.GetFullPath(options.Value.UploadDirectory, environment.ContentRootPath);

    private volatile bool wasThere;

    public bool HasRoomFor(long bytes) => Files().Sum(LengthOf) + bytes <= options.Value.MaxUploadFolderBytes;

    public string NewTemporaryFile()
    {
        // A new folder in place of one that is away would hide its archives.
        if (wasThere && !Directory.Exists(directory))
            throw new UploadFolderMissingException();

        Directory.CreateDirectory(directory);
        wasThere = true;
        return Path.Combine(directory, $"{Guid.NewGuid():N}.part");
    }

    public Result<int> Accept(string temporaryFile, Guid jobId)
    {
        var inspected = Inspect(temporaryFile);
        if (inspected.IsSuccess)
            Keep(temporaryFile, jobId);

        return inspected;
    }

    public void Keep(string temporaryFile, Guid jobId) => DurableFile.Move(temporaryFile, PathOf(jobId));

    public bool Has(Guid jobId) => File.Exists(PathOf(jobId));

    /// <summary>Whether the archive is there; false when it is lost.</summary>
    /// <exception cref="UploadFolderMissingException">The folder is missing, so the archive may still exist.</exception>
    public bool IsKept(Guid jobId)
    {
        if (Has(jobId))
            return true;
        if (!Directory.Exists(directory))
            throw new UploadFolderMissingException();

        // The folder may have come back since the first look.
        return Has(jobId);
    }

    public void Discard(Guid jobId)
    {
        // Deleting a file throws when its folder does not exist.
        if (Has(jobId))
            File.Delete(PathOf(jobId));
    }

    public string PathOf(Guid jobId) => Path.Combine(directory, $"{jobId:N}.zip");

    /// <summary>All files of the folder, complete and incomplete.</summary>
    public IEnumerable<FileInfo> Files() =>
        Directory.Exists(directory) ? new DirectoryInfo(directory).EnumerateFiles() : [];

    /// <summary>Null for an upload that is not a job's archive.</summary>
    public static Guid? JobOf(FileInfo file) =>
        file.Extension == ".zip" && Guid.TryParseExact(Path.GetFileNameWithoutExtension(file.Name), "N", out var jobId)
            ? jobId
            : null;

    /// <summary>0 for a file that was deleted or moved meanwhile.</summary>
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private Result<int> Inspect(string file)
    {
        if (ZipDirectory.FindFault(file, options.Value.MaxArchiveEntries) is { } fault)
            return fault;

        try
        {
            using var archive = ZipFile.OpenRead(file);
            return Inspect(archive, new FileInfo(file).Length);
        }
        catch (InvalidDataException)
        {
            return JobErrors.NotAnArchive;
        }
    }

    private Result<int> Inspect(ZipArchive archive, long archiveBytes)
    {
        var limits = options.Value;
        var entries = archive.Entries;
        if (entries.Count > 0 && entries.All(entry => entry.IsEncrypted || ArchiveEntryName.IsDirectory(entry.FullName)))
        {
            if (entries.Any(entry => entry.IsEncrypted))
                return JobErrors.EncryptedArchive;
        }

        // ArchiveReader holds every entry to the length declared here, so a false directory has no effect.
        var unpackedBytes = entries.Aggregate(0.0, (sum, entry) => sum + entry.Length);
        var allowedBytes = Math.Min(limits.MaxUnpackedBytes, (double)archiveBytes * limits.MaxUnpackedRatio);
        return unpackedBytes > allowedBytes
            ? JobErrors.UnpackedTooLarge($"{limits.MaxUnpackedBytes} bytes, or {limits.MaxUnpackedRatio} times its size")
            : entries.Count;
    }
}
