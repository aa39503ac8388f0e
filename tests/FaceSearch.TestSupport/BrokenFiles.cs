namespace FaceSearch.TestSupport;

/// <summary>Damaged pictures: damaged photographs when present, else made from a drawn person.</summary>
public static class BrokenFiles
{
    private static readonly Dictionary<string, string> Codes = new()
    {
        ["empty.jpg"] = "empty-picture",
        ["text.jpg"] = "not-a-picture",
        ["header_only.jpg"] = "damaged-picture",
        ["truncated_40pct.jpg"] = "damaged-picture",
        ["skimage_truncated.jpg"] = "damaged-picture",
    };

    public static IEnumerable<string> Names => Codes.Keys;

    /// <summary>The expected problem of the server.</summary>
    public static string CodeOf(string name) => Codes[name];

    public static byte[] Read(string name)
    {
        if (SharedData.HasFaces)
            return File.ReadAllBytes(SharedData.Face("broken/" + name));

        var whole = new DrawnPerson(0).Picture();
        return name switch
        {
            "empty.jpg" => [],
            "text.jpg" => [.. "This is a text."u8],
            "header_only.jpg" => whole[..20],
            "truncated_40pct.jpg" => whole[..(whole.Length * 2 / 5)],
            _ => whole[..(whole.Length * 3 / 4)],
        };
    }
}
