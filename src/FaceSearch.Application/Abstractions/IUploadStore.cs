namespace FaceSearch.Application.Abstractions;

/// <summary>Where uploaded archives wait for their job, on disk. Thread-safe.</summary>
public interface IUploadStore
{
    /// <summary>Moves a received temporary file to the job it belongs to.</summary>
    void Keep(string temporaryFile, Guid jobId);

    void Discard(Guid jobId);
}
