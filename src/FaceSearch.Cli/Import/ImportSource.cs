using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Import;

/// <summary>The pictures to import, split into parts.</summary>
/// <param name="Path">The full path of the folder or zip.</param>
/// <param name="Others">The number of files in the folder that are not pictures.</param>
internal sealed record ImportSource(string Path, IReadOnlyList<ImportPart> Parts, int Others)
{
    /// <summary>The largest number of pictures in a part. A part is one upload and one job.</summary>
    public const int MostPictures = 5000;

    /// <exception cref="CliException">There is nothing to import.</exception>
    public static ImportSource Open(string path, long partBytes, Action<string> unreadable)
    {
        var fullPath = System.IO.Path.GetFullPath(path);
        if (File.Exists(fullPath))
            return new ImportSource(fullPath, [new ZipPart(fullPath)], 0);
        if (!Directory.Exists(fullPath))
            throw new CliException($"There is no folder or zip {fullPath}.");

        var folder = PictureFolder.Read(fullPath);
        var parts = Cut(folder.Pictures, partBytes)
            .Select((pictures, i) => new FolderPart(pictures, i + 1, unreadable))
            .ToList();
        return new ImportSource(fullPath, parts, folder.Others);
    }

    /// <summary>Splits the pictures into parts, in their order. A picture of more than the limit is a part alone.</summary>
    /// <param name="partBytes">The largest number of bytes in a part of several pictures.</param>
    internal static IEnumerable<IReadOnlyList<PictureEntry>> Cut(IReadOnlyList<PictureEntry> pictures, long partBytes)
    {
        var part = new List<PictureEntry>();
        var bytes = 0L;
        foreach (var picture in pictures)
        {
            if (part.Count > 0 && (part.Count == MostPictures || bytes + picture.Length > partBytes))
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(picture);
            bytes += picture.Length;
        }

        if (part.Count > 0)
            yield return part;
    }
}
