using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>How often and when a job is attempted again.</summary>
internal static class JobRetries
{
    /// <summary>The largest number of attempts without progress.</summary>
    public const int MaxAttempts = 3;

    /// <summary>
    /// The largest number of failures of the database without progress. With the delays between them they take about
    /// half an hour, so an outage fails no job quickly; but a batch that the database never accepts ends its job.
    /// </summary>
    public const int MaxWaits = 30;

    /// <summary>The last error of a job whose database was unreachable, busy or full, or whose upload folder was missing.</summary>
    public const string Unavailable = "storage-unavailable";

    /// <summary>The last error of a job without progress for too long.</summary>
    public const string Stalled = "job-stalled";

    /// <summary>The last error of a job whose processes ended during its attempts.</summary>
    public const string Interrupted = "process-ended";

    private const int FirstDelaySeconds = 2;

    private const int MaxDelaySeconds = 60;

    /// <summary>2 s after the first failure, doubled after each further one, at most 60 s.</summary>
    public static TimeSpan DelayAfter(int failures) => TimeSpan.FromSeconds(
        Math.Min(MaxDelaySeconds, FirstDelaySeconds * Math.Pow(2, Math.Max(0, failures - 1))));

    /// <summary>The exception's type: its message may hold names, paths or secrets.</summary>
    public static string ErrorOf(Exception exception)
    {
        var name = exception.GetType().Name;
        return name.Length <= EnrolmentJob.ErrorMaxLength ? name : name[..EnrolmentJob.ErrorMaxLength];
    }
}
