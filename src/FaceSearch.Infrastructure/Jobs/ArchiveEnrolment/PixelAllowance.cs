namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>
/// Limits the pixels of one attempt at a job: a few bytes can claim millions, which take seconds. Not thread-safe.
/// </summary>
internal sealed class PixelAllowance(long pixels)
{
    private long left = pixels;

    /// <summary>False, and nothing taken, when less is left.</summary>
    public bool TryTake(long wanted)
    {
        if (wanted > left)
            return false;

        left -= wanted;
        return true;
    }
}
