using System.Diagnostics;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>The command line in a pseudo-terminal.</summary>
[Platform("Linux")]
internal sealed class TerminalTests : EndToEndTests
{
    [Test]
    public async Task Import_DrawsAProgressBar_AndThenTheSummary()
    {
        var start = new ProcessStartInfo("script", ["-qec", $"dotnet '{CliProcess.Program}' import '{People}'", "/dev/null"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            Environment = { ["TERM"] = "xterm-256color", ["COLUMNS"] = "100", ["LINES"] = "30" },
        };
        foreach (var (name, value) in CliProcess.Variables(Server.Address, Server.Key, Folder))
            start.Environment[name] = value;
        using var script = Process.Start(start)!;
        var screen = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();

        Assert.That(script.ExitCode, Is.Zero);
        Assert.That(screen, Does.Contain("━━━").And.Contains("Upload").And.Contains("Enrolment").And.Contains($"of {Pictures} pictures"));
        Assert.That(screen, Does.Contain("\u001b["), "drawn again in the same place");
        Assert.That(screen.TrimEnd()[^400..], Does.Contain("enrolled").And.Contains("job "));
    }
}
