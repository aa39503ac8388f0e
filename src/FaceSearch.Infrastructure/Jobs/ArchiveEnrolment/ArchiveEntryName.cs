using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>Classifies an archive's entry by its name, before its content is read.</summary>
internal static class ArchiveEntryName
{
    private static readonly string[] ArchiveExtensions = [".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"];

    private static readonly string[] SystemFiles = ["thumbs.db", "desktop.ini"];

    public static bool IsDirectory(string name) => name.EndsWith('/') || name.EndsWith('\\');

    /// <summary>The outcome and reason of an entry that is not read; null for an entry to read.</summary>
    public static (EnrolmentOutcome Outcome, string Reason)? Classify(string name)
    {
        var segments = name.Split('/', '\\');
        if (name.StartsWith('/') || name.StartsWith('\\') || name.Contains(':') || segments.Contains(".."))
            return (EnrolmentOutcome.Failed, EnrolmentReasons.UnsafeName);
        if (IsSystemFile(segments))
            return (EnrolmentOutcome.Skipped, EnrolmentReasons.SystemFile);
        if (ArchiveExtensions.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
            return (EnrolmentOutcome.Failed, EnrolmentReasons.NestedArchive);

        return null;
    }

    private static bool IsSystemFile(string[] segments) =>
        segments[0] == "__MACOSX"
        || segments[^1].StartsWith('.')
        || SystemFiles.Contains(segments[^1], StringComparer.OrdinalIgnoreCase);
}
