using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>The built command line as a separate process.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();
    private readonly Process process;

    private CliProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int ExitCode => process.ExitCode;

    public string Output => Read(output);

    public string Error => Read(error);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);

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
    public static CliProcess Start(Uri server, string? key, string state, params string[] arguments) =>
        Start(
            OperatingSystem.IsLinux()
                ? new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", .. Command, .. arguments])
                : new ProcessStartInfo("dotnet", [.. Command, .. arguments]),
            server,
            key,
            state);

    /// <param name="kilobytes">The largest size of a file; a larger write fails, as on a full disk. Unix only.</param>
    public static CliProcess StartWithSmallFiles(int kilobytes, Uri server, string state, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", $"trap '' XFSZ; ulimit -f {2 * kilobytes}; exec dotnet \"$@\"", "sh", .. Command, .. arguments]);
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0"; // otherwise it maps code through a larger file
        return Start(start, server, null, state);
    }

    private static CliProcess Start(ProcessStartInfo start, Uri server, string? key, string state)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.WorkingDirectory = state;
        foreach (var (name, value) in Variables(server, key, state))
            start.Environment[name] = value;

        return new CliProcess(Process.Start(start)!);
    }

    public static Dictionary<string, string?> Variables(Uri server, string? key, string state) => new()
    {
        ["FACESEARCH_SERVER"] = server.ToString(),
        ["FACESEARCH_KEY"] = key,
        ["XDG_STATE_HOME"] = state,
    };

    public async Task<CliProcess> EndAsync()
    {
        await process.WaitForExitAsync();
        return this;
    }

    /// <summary>As <c>kill -9</c>.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync();
    }

    /// <summary>As Ctrl-C.</summary>
    public async Task InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    /// <param name="line">Null at the end.</param>
    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
            _ = line is null ? text : text.AppendLine(line);
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
