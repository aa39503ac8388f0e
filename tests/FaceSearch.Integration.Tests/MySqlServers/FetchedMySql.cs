using System.ComponentModel;
using System.Diagnostics;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.MySqlServers;

/// <summary>The mysqld that <c>tests/services/mysql.sh fetch</c> unpacks from Debian's packages, without root.</summary>
internal static class FetchedMySql
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot, "artifacts", "mysql", "bin");

    /// <summary>
    /// Runs the script on Debian, in one process of the machine at a time. Null on other systems and when the script fails;
    /// the reason goes to the test output.
    /// </summary>
    public static async Task<string?> TryFetchAsync()
    {
        if (!File.Exists("/etc/debian_version"))
            return null;

        try
        {
            var start = new ProcessStartInfo("bash", [Path.Combine(SharedData.RepositoryRoot, "tests", "services", "mysql.sh"), "fetch"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            using var timeout = new CancellationTokenSource(Limit);
            await using var stop = timeout.Token.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            if (process.ExitCode == 0)
                return Path.Combine(Folder, "mysqld");

            await TestContext.Progress.WriteLineAsync($"tests/services/mysql.sh fetch failed: {await errors}{await output}");
        }
        catch (Exception exception) when (exception is OperationCanceledException or Win32Exception)
        {
            await TestContext.Progress.WriteLineAsync($"tests/services/mysql.sh fetch failed: {exception.Message}");
        }

        return null;
    }
}
