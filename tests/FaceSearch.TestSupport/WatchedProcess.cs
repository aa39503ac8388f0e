using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace FaceSearch.TestSupport;

/// <summary>A program as a separate process, with what it has written so far. Disposing kills it.</summary>
public sealed class WatchedProcess : IDisposable
{
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();
    private readonly Process process;

    private WatchedProcess(Process process)
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

    public static WatchedProcess Start(ProcessStartInfo start, string folder, IReadOnlyDictionary<string, string?> variables)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        start.WorkingDirectory = folder;
        foreach (var (name, value) in variables)
            start.Environment[name] = value;

        return new WatchedProcess(Process.Start(start)!);
    }

    public async Task<WatchedProcess> EndAsync()
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
