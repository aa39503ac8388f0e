namespace FaceSearch.Cli.Import;

/// <summary>The content of one job: a whole zip file, or some pictures of a folder.</summary>
internal abstract class ImportPart
{
    /// <summary>Bytes to send; an estimate for the progress bar until the part has been opened.</summary>
    public abstract long Size { get; }

    /// <summary>The number of pictures; null when only the server knows it.</summary>
    public abstract int? Pictures { get; }

    public abstract string FileName { get; }

    /// <summary>The archive to send, from its start.</summary>
    public abstract Task<FileStream> OpenAsync(CancellationToken ct);
}

internal sealed class ZipPart(string path) : ImportPart
{
    public override long Size { get; } = new FileInfo(path).Length;

    public override int? Pictures => null;

    public override string FileName => Path.GetFileName(path);

    public override Task<FileStream> OpenAsync(CancellationToken ct) => Task.FromResult(File.OpenRead(path));
}
