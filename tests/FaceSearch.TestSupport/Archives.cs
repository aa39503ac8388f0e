using System.IO.Compression;
using System.Text;

namespace FaceSearch.TestSupport;

/// <summary>Zip archives, well-formed and not.</summary>
public static class Archives
{
    /// <param name="entries">Names may repeat; a name that ends with a slash is a directory.</param>
    public static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in entries)
            {
                using var stream = archive.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Uncompressed entries with these bytes as names, without the flag for UTF-8.</summary>
    public static byte[] ZipWithRawNames(params (byte[] Name, byte[] Bytes)[] entries)
    {
        // Names of the same length in ASCII, replaced afterwards in the local headers and the directory.
        var placeholders = entries.Select((entry, i) => $"{(char)('a' + i)}".PadRight(entry.Name.Length, '~')).ToArray();
        var zip = Zip([.. entries.Select((entry, i) => (placeholders[i], entry.Bytes))]);
        for (var i = 0; i < entries.Length; i++)
        {
            var placeholder = Encoding.ASCII.GetBytes(placeholders[i]);
            int at;
            while ((at = zip.AsSpan().IndexOf(placeholder)) >= 0)
                entries[i].Name.CopyTo(zip, at);
        }

        return zip;
    }

    /// <summary>Sets the encryption bit of the first entry, in its local header and in the directory.</summary>
    public static byte[] Encrypted(byte[] zip)
    {
        foreach (var (signature, offset) in new[] { ("PK\u0003\u0004", 6), ("PK\u0001\u0002", 8) })
        {
            var start = zip.AsSpan().IndexOf(Encoding.Latin1.GetBytes(signature));
            zip[start + offset] |= 1;
        }

        return zip;
    }
}
