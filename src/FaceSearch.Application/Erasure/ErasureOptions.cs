using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Application.Erasure;

/// <summary>Section <c>Erasure</c>.</summary>
public sealed class ErasureOptions
{
    public const string Section = "Erasure";

    /// <summary>How long an erasure is waited for before the answer is 202 with its job, in seconds.</summary>
    [Range(0, 60)]
    public int WaitSeconds { get; set; } = 10;
}
