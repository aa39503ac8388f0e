using System.Diagnostics;
using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>The built command line as a separate process.</summary>
internal static class CliProcess
{
    public static string Program => Path.Combine(AppContext.BaseDirectory, "facesearch.dll");

    /// <summary>Uses the tests' runtime configuration, because some libraries come with the server's framework.</summary>
    private static string[] Command =>
    [
        "exec",
        "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "FaceSearch.Cli.Tests.runtimeconfig.json"),
        "--depsfile", Path.Combine(AppContext.BaseDirectory, "FaceSearch.Cli.Tests.deps.json"),
        Program,
    ];

    /// <summary>Starts it with Ctrl-C enabled. A test run in the background of a shell inherits an ignored one.</summary>
    /// <param name="state">The folder of its state.</param>
    /// <param name="key">Null for none.</param>
    public static WatchedProcess Start(Uri server, string? key, string state, params string[] arguments) =>
        WatchedProcess.Start(
            OperatingSystem.IsLinux()
                ? new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", .. Command, .. arguments])
                : new ProcessStartInfo("dotnet", [.. Command, .. arguments]),
            state,
            Variables(server, key, state));

    public static Dictionary<string, string?> Variables(Uri server, string? key, string state) => new()
    {
        ["FACESEARCH_SERVER"] = server.ToString(),
        ["FACESEARCH_KEY"] = key,
        ["XDG_STATE_HOME"] = state,
    };
}
