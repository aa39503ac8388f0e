using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>The request rate per caller, as a token bucket. Section <c>RateLimit</c>.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimit";

    /// <summary>Requests added to the bucket per period; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int Requests { get; set; }

    /// <summary>The period, in seconds.</summary>
    [Range(0.1, 86_400)]
    public double PeriodSeconds { get; set; } = 1;

    /// <summary>The bucket's size: the largest burst of an idle caller; 0 is the requests of one period.</summary>
    [Range(0, 1_000_000)]
    public int Burst { get; set; }
}
