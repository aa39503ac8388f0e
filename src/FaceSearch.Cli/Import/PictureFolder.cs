using System.IO.Enumeration;
using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Import;

/// <summary>A picture file of the folder to import.</summary>
/// <param name="Name">Its path below the folder, with slashes. The server reads the sub-folder as the person's name.</param>
internal sealed record PictureEntry(string Name, string Path, long Length);

/// <summary>A folder's picture files by extension, and the number of other files.</summary>
internal sealed record PictureFolder(IReadOnlyList<PictureEntry> Pictures, int Others)
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp",
    };

    /// <summary>Larger files are left out, because a picture is in memory while it is copied into an archive.</summary>
    private const long LargestFile = 1L << 30;

    /// <summary>Lists the files in ordinal order, so that the same folder always gives the same archives.</summary>
    /// <exception cref="CliException">The folder has no picture.</exception>
    public static PictureFolder Read(string folder)
    {
        var others = 0;
        var files = new FileSystemEnumerable<PictureEntry>(folder, ToEntry, new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        })
        {
            // Links are skipped, as they may form a cycle.
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
            {
                if (entry.IsDirectory)
                    return false;
                var isPicture = IsPicture(entry.FileName) && entry.Length <= LargestFile;
                others += isPicture ? 0 : 1;
                return isPicture;
            },
        };
        var pictures = files.OrderBy(picture => picture.Name, StringComparer.Ordinal).ToList();
        return pictures.Count > 0
            ? new PictureFolder(pictures, others)
            : throw new CliException($"There is no picture in {folder}: JPEG, PNG, WebP, GIF and BMP are read.");
    }

    private static PictureEntry ToEntry(ref FileSystemEntry entry)
    {
        var path = entry.ToFullPath();
        var name = Path.GetRelativePath(entry.RootDirectory.ToString(), path).Replace(Path.DirectorySeparatorChar, '/');
        return new PictureEntry(name, path, entry.Length);
    }

    private static bool IsPicture(ReadOnlySpan<char> fileName) => Extensions.Contains(Path.GetExtension(fileName).ToString());
}
