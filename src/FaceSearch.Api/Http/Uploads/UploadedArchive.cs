namespace FaceSearch.Api.Http.Uploads;

/// <summary>A received archive. Disposing deletes it, unless a job owns it by then.</summary>
public sealed record UploadedArchive(string TemporaryFile) : IDisposable
{
    public void Dispose() => File.Delete(TemporaryFile);
}
