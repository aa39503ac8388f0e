using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>Section <c>Engine</c>: which networks run and what they may use.</summary>
public sealed class EngineOptions
{
    public const string Section = "Engine";

    /// <summary>The profile new collections are made with: <c>mobile</c>.</summary>
    [Required]
    public string Profile { get; set; } = "mobile";

    /// <summary>Further profiles to keep loaded, for collections that were made with them.</summary>
    public IReadOnlyList<string> OtherProfiles { get; set; } = [];

    /// <summary>
    /// Width times height of the largest picture that is read, judged by its header. Decoding takes up to 7 bytes a
    /// pixel of memory for a moment, 3 while faces are found.
    /// </summary>
    [Range(1_000, 300_000_000)]
    public int MaxPixels { get; set; } = 40_000_000;

    /// <summary>How many pictures are worked on at once; 0 is one a core.</summary>
    [Range(0, 1024)]
    public int Concurrency { get; set; }
}
