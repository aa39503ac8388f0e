using System.Diagnostics;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Support;

/// <summary>A command of the server's program as a separate process.</summary>
internal static class ServerCommand
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "FaceSearch.Api.dll");

    /// <param name="folder">The working folder, with SQLite's file.</param>
    public static WatchedProcess Start(string folder, IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        WatchedProcess.Start(new ProcessStartInfo("dotnet", [Program, .. arguments]), folder, Variables(settings));

    /// <param name="kilobytes">The largest size of a file; a larger write fails, as on a full disk. Unix only.</param>
    public static WatchedProcess StartWithSmallFiles(int kilobytes, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", $"trap '' XFSZ; ulimit -f {2 * kilobytes}; exec dotnet \"$@\"", "sh", Program, .. arguments]);
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // otherwise it maps code through a larger file
        return WatchedProcess.Start(start, folder, Variables(new Dictionary<string, string>()));
    }

    private static Dictionary<string, string?> Variables(IReadOnlyDictionary<string, string> settings)
    {
        var variables = settings.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), string? (setting) => setting.Value);
        variables["ASPNETCORE_ENVIRONMENT"] = "Production";
        return variables;
    }
}
