using FaceSearch.Application.Results;

namespace FaceSearch.Application.Abstractions;

/// <summary>Where uploaded archives wait for their job, on disk. Thread-safe.</summary>
public interface IArchiveStore
{
    /// <summary>A path to receive an upload at, on the disk where accepted archives are kept. Nothing is there yet.</summary>
    string NewTemporaryFile();

    /// <summary>
    /// Looks the archive's directory over and moves the file to its job; a refused file stays where it is.
    /// </summary>
    /// <returns>
    /// The number of entries. Errors: <c>not-an-archive</c>, <c>encrypted-archive</c>, <c>too-many-entries</c>,
    /// <c>archive-too-large</c>.
    /// </returns>
    Result<int> Accept(string temporaryFile, Guid jobId);

    bool Has(Guid jobId);

    void Discard(Guid jobId);
}
