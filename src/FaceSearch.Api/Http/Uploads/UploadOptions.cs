using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>How slowly a body may arrive. Slower ones are 408 <c>body-too-slow</c>. Section <c>Uploads</c>.</summary>
internal sealed class UploadOptions
{
    public const string Section = "Uploads";

    /// <summary>
    /// The lowest rate of any body, in bytes per second, on average since its first byte was read. A client that reads
    /// an answer more slowly is disconnected.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MinBytesPerSecond { get; set; } = 4096;

    /// <summary>How long a body may be slower at its start, in seconds.</summary>
    [Range(2, 3600)]
    public int GraceSeconds { get; set; } = 10;

    /// <summary>
    /// A file may take <see cref="BaseSeconds"/> and as long as its body takes at this rate, in bytes per second. The
    /// limit of the body counts where it has no Content-Length.
    /// </summary>
    [Range(1, 1_000_000)]
    public int BytesPerSecond { get; set; } = 16_384;

    /// <summary>How long the smallest file may take, in seconds.</summary>
    [Range(2, 3600)]
    public int BaseSeconds { get; set; } = 60;

    /// <summary>How long a body of this many bytes may take, at most 30 days.</summary>
    public TimeSpan TimeOf(long bytes) =>
        TimeSpan.FromSeconds(Math.Min(BaseSeconds + ((double)bytes / BytesPerSecond), 30 * 86_400));
}
