using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Application.Audit;

/// <summary>What is written to the audit log, and for how long. Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>Also who searched and read, not only who changed something.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Entries older than so many days are deleted; 0 keeps them for ever.</summary>
    [Range(0, 36_500)]
    public int KeepDays { get; set; } = 90;
}
