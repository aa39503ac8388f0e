using System.Formats.Tar;
using System.IO.Compression;

namespace FaceSearch.Infrastructure.FaceEngine.Models.Packages;

/// <summary>Writes members of a compressed tar file to files.</summary>
internal static class TarArchive
{
    /// <param name="wanted">The file to write and its size, by the member's path without the top folder. Other members are skipped.</param>
    /// <returns>The wanted paths that the archive does not have.</returns>
    /// <exception cref="InvalidDataException">The archive is broken, or a member has another size.</exception>
    public static async Task<IReadOnlyCollection<string>> ExtractAsync(
        string archive, IReadOnlyDictionary<string, (string Target, long Bytes)> wanted, CancellationToken ct)
    {
        var left = new Dictionary<string, (string Target, long Bytes)>(wanted, StringComparer.Ordinal);
        await using var file = File.OpenRead(archive);
        await using var plain = Unpack(file);
        await using var tar = new TarReader(plain);
        while (left.Count > 0 && await tar.GetNextEntryAsync(copyData: false, ct) is { } member)
        {
            if (!left.Remove(member.Name[(member.Name.IndexOf('/', StringComparison.Ordinal) + 1)..], out var place))
                continue;
            if (member.DataStream is not { } data || member.Length != place.Bytes)
                throw new InvalidDataException($"{member.Name} has {member.Length} bytes instead of {place.Bytes}");

            await using var output = File.Create(place.Target);
            await data.CopyToAsync(output, ct);
        }

        return left.Keys;
    }

    private static Stream Unpack(FileStream file) => Path.GetExtension(file.Name) switch
    {
        ".bz2" => Bzip2.Unpack(file),
        ".tgz" or ".gz" => new GZipStream(file, CompressionMode.Decompress),
        var other => throw new InvalidDataException($"the archive is packed as {other}"),
    };
}
