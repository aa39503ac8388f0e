namespace FaceSearch.Application.Abstractions;

/// <summary>What a picture takes, by its header. Zero for what is refused before it is decoded.</summary>
/// <param name="Pixels">Width times height.</param>
/// <param name="Bytes">The memory of decoding, detection and embedding at their peak, estimated from above.</param>
public readonly record struct PictureCost(long Pixels, long Bytes);

/// <summary>How long a picture waits for memory.</summary>
public static class PictureWait
{
    /// <summary>Of a request; then it is refused as <c>busy</c>.</summary>
    public static readonly TimeSpan Request = TimeSpan.FromSeconds(30);

    /// <summary>Of a job: until it is cancelled.</summary>
    public static readonly TimeSpan Job = Timeout.InfiniteTimeSpan;
}
