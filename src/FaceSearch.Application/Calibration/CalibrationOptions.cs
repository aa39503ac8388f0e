using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Application.Calibration;

/// <summary>Section <c>Calibration</c>.</summary>
public sealed class CalibrationOptions
{
    public const string Section = "Calibration";

    /// <summary>
    /// How long a request waits for its job, in seconds. Then it answers the last result, or the job when there is none.
    /// </summary>
    [Range(0, 60)]
    public int WaitSeconds { get; set; } = 10;
}
