using System.IO.Compression;
using System.Security.Cryptography;
using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Collections;

/// <summary>
/// An exported collection on disk: a zip whose last entry has the SHA-256 of every other, in lines as <c>sha256sum</c>
/// writes them. An incomplete download has no such entry.
/// </summary>
internal static class ExportFile
{
    private const string Checksums = "checksums.sha256";

    /// <summary>Reads every entry and compares it with its checksum.</summary>
    /// <returns>The number of entries, without the checksums.</returns>
    /// <exception cref="CliException">The file is damaged, incomplete or not an export.</exception>
    public static async Task<int> VerifyAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(path, ct);
            var expected = await ReadChecksumsAsync(zip, path, ct);
            foreach (var entry in zip.Entries.Where(entry => entry.FullName != Checksums))
            {
                await using var content = await entry.OpenAsync(ct);
                var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, ct));
                if (!expected.Remove(entry.FullName, out var wanted) || wanted != hash)
                    throw Damaged(path, entry.FullName);
            }

            return expected.Count == 0 ? zip.Entries.Count - 1 : throw Damaged(path, expected.Keys.First());
        }
        catch (InvalidDataException)
        {
            throw new CliException($"{path} is not an export of a collection, or is incomplete: export it again.");
        }
    }

    private static async Task<Dictionary<string, string>> ReadChecksumsAsync(ZipArchive zip, string path, CancellationToken ct)
    {
        var entry = zip.GetEntry(Checksums)
            ?? throw new CliException($"{path} has no checksums: it is not an export of a collection, or is incomplete.");
        using var reader = new StreamReader(await entry.OpenAsync(ct));
        var checksums = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            if (line.Split("  ", 2) is not [{ Length: 64 } hash, var name])
                throw Damaged(path, Checksums);
            checksums[name] = hash;
        }

        return checksums;
    }

    private static CliException Damaged(string path, string entry) =>
        new($"{path} is damaged: '{entry}' does not match its checksum. Export it again.");
}
