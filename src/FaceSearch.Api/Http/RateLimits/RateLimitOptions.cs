using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>
/// A request rate per caller, as a token bucket. Section <c>RateLimit</c> is of keys, and its section
/// <see cref="WithoutKey"/> of addresses that send no valid key to a server that requires one.
/// </summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimit";

    /// <summary>The name of the options of callers without a key.</summary>
    public const string WithoutKey = "WithoutKey";

    /// <summary>Requests added to the bucket per period; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int Requests { get; set; }

    /// <summary>The period, in seconds.</summary>
    [Range(0.1, 86_400)]
    public double PeriodSeconds { get; set; } = 1;

    /// <summary>The bucket's size: the largest burst of an idle caller; 0 is the requests of one period.</summary>
    [Range(0, 1_000_000)]
    public int Burst { get; set; }

    /// <summary>At most 500 forms with a key, of 65,536 bytes each, are read at once per address: 33 MB.</summary>
    public void LimitByDefault() => (Requests, Burst) = (50, 500);
}
