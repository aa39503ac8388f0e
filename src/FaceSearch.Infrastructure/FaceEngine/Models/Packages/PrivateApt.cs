using System.Text.RegularExpressions;

namespace FaceSearch.Infrastructure.FaceEngine.Models.Packages;

/// <summary>
/// A configuration for apt with lists, cache and state in a folder. Network settings are copied from the machine; hooks
/// and preferences are not. Its sources are the machine's, each turned from binary to source packages.
/// </summary>
internal static class PrivateApt
{
    private static readonly Regex Binary = new(@"^\s*deb([\s\[])", RegexOptions.NonBacktracking);

    /// <param name="locations">Lines of <c>apt-config shell</c>: <c>LIST='…'</c>, <c>PARTS='…'</c>.</param>
    /// <param name="settings">Lines of <c>apt-config dump</c>.</param>
    /// <returns>The path of the configuration, for the variable APT_CONFIG.</returns>
    /// <exception cref="ToolException">The machine has no sources.</exception>
    public static string Create(string folder, IReadOnlyList<string> locations, IReadOnlyList<string> settings)
    {
        foreach (var name in (string[])["none", "sources", "state", "lists/partial", "cache/archives/partial"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        File.WriteAllText(Path.Combine(folder, "state", "status"), "");
        CopySources(Value(locations, "LIST"), Value(locations, "PARTS"), Path.Combine(folder, "sources"));

        var path = Path.Combine(folder, "apt.conf");
        using (File.Create(path))
            Restrict(path); // a proxy's password may be among the settings

        File.WriteAllLines(path, [
            .. settings.Where(line => line.StartsWith("Acquire::", StringComparison.Ordinal)
                && !line.StartsWith("Acquire::IndexTargets", StringComparison.Ordinal)),
            "Dir::Etc::main \"/dev/null\";",
            $"Dir::Etc::parts \"{folder}/none\";",
            "Dir::Etc::sourcelist \"/dev/null\";",
            $"Dir::Etc::sourceparts \"{folder}/sources\";",
            "Dir::Etc::preferences \"/dev/null\";",
            $"Dir::Etc::preferencesparts \"{folder}/none\";",
            $"Dir::State \"{folder}/state\";",
            $"Dir::State::lists \"{folder}/lists\";",
            $"Dir::State::status \"{folder}/state/status\";",
            $"Dir::Cache \"{folder}/cache\";",
            "APT::Sandbox::User \"root\";",
            "Debug::NoLocking \"true\";",
            "Acquire::Retries \"1\";",
            "Acquire::http::Timeout \"15\";",
            "Acquire::https::Timeout \"15\";",
            // Old images point to a snapshot whose lists have expired. The files are checked by their own hashes.
            "Acquire::Check-Valid-Until \"false\";",
        ]);
        return path;
    }

    private static string Value(IReadOnlyList<string> locations, string name) =>
        locations.FirstOrDefault(line => line.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..].Trim('\'')
        ?? throw new ToolException("apt-config names no sources");

    private static void CopySources(string list, string parts, string target)
    {
        var files = Directory.Exists(parts) ? Directory.GetFiles(parts) : [];
        var lists = files.Where(file => Path.GetExtension(file) == ".list").Append(list).Where(File.Exists).ToList();
        var stanzas = files.Where(file => Path.GetExtension(file) == ".sources").ToList();
        if (lists.Count + stanzas.Count == 0)
            throw new ToolException("apt has no sources on this machine");

        foreach (var file in lists)
            File.WriteAllLines(Path.Combine(target, Path.GetFileName(file)), File.ReadLines(file).Select(SourceLine).Distinct());
        foreach (var file in stanzas)
            File.WriteAllLines(Path.Combine(target, Path.GetFileName(file)), File.ReadLines(file).Select(SourceTypes));
    }

    /// <summary>One line per source: <c>deb [signed-by=…] address suite component</c>.</summary>
    private static string SourceLine(string line) => Binary.Replace(line, "deb-src$1");

    /// <summary>Stanzas of fields: only the types change, so keys, options and disabled sources stay as they are.</summary>
    private static string SourceTypes(string line) =>
        line.StartsWith("Types:", StringComparison.OrdinalIgnoreCase) ? "Types: deb-src" : line;

    private static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
