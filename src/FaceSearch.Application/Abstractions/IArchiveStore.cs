using FaceSearch.Application.Results;

namespace FaceSearch.Application.Abstractions;

/// <summary>Stores uploaded archives on disk until their job ends. Thread-safe.</summary>
public interface IArchiveStore
{
    /// <summary>
    /// True when all files of the folder and further bytes are within <c>Enrolment:MaxUploadFolderBytes</c>. Files of
    /// other processes count too.
    /// </summary>
    bool HasRoomFor(long bytes);

    /// <summary>A new path for an upload, on the disk of the accepted archives. The file does not exist yet.</summary>
    /// <exception cref="UploadFolderMissingException">The folder was there before.</exception>
    string NewTemporaryFile();

    /// <summary>
    /// Validates the archive's directory and moves the file to its job, as <see cref="Keep"/>. A refused file is not moved.
    /// </summary>
    /// <returns>
    /// The number of entries. Errors: <c>not-an-archive</c>, <c>encrypted-archive</c>, <c>too-many-entries</c>,
    /// <c>archive-too-large</c>.
    /// </returns>
    Result<int> Accept(string temporaryFile, Guid jobId);

    /// <summary>
    /// Moves a file that the caller has validated to its job. It is on the disk afterwards, so the job can be stored.
    /// </summary>
    void Keep(string temporaryFile, Guid jobId);

    bool Has(Guid jobId);

    void Discard(Guid jobId);
}

/// <summary>The upload folder is missing, for example because its volume is not mounted. Retry: it may come back.</summary>
public sealed class UploadFolderMissingException() : IOException("The upload folder is missing.");
