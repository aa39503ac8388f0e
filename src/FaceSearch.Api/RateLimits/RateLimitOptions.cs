using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Api.RateLimits;

/// <summary>How much each caller may ask, as a bucket of requests that fills up again. Section <c>RateLimit</c>.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimit";

    /// <summary>So many more requests each period; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int Requests { get; set; }

    /// <summary>The period, in seconds.</summary>
    [Range(0.1, 86_400)]
    public double PeriodSeconds { get; set; } = 1;

    /// <summary>How many requests a caller who has been quiet may send at once; 0 is as many as a period gives.</summary>
    [Range(0, 1_000_000)]
    public int Burst { get; set; }
}
