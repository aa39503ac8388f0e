using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Application.Audit;

/// <summary>What the audit log records, and how long entries are kept. Section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    public const string Section = "Audit";

    /// <summary>True also records searches and reads, not only changes.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Days until entries are deleted; 0 keeps them forever.</summary>
    [Range(0, 36_500)]
    public int KeepDays { get; set; } = 90;
}
