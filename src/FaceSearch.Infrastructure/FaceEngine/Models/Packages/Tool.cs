using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FaceSearch.Infrastructure.FaceEngine.Models.Packages;

/// <summary>A program of this machine is missing or failed. The message says in one line why.</summary>
internal sealed class ToolException(string message) : Exception(message);

/// <summary>Runs programs of this machine, without a shell and without input.</summary>
internal static class Tool
{
    private static readonly Regex Mark = new(@"^(E:|npm (error|ERR!))", RegexOptions.NonBacktracking);
    private static readonly Regex Credentials = new(@"//[^/@\s]+@", RegexOptions.NonBacktracking);

    private const int KeptLines = 200;
    private const int ShownLines = 2;

    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <returns>The last lines of its output.</returns>
    /// <exception cref="ToolException">The program is missing, or its exit code is not 0.</exception>
    /// <exception cref="OperationCanceledException">The program was killed with its child processes.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string program, IEnumerable<string> arguments, string folder, CancellationToken ct, params (string Name, string Value)[] environment)
    {
        using var process = Start(program, arguments, folder, environment);
        try
        {
            process.StandardInput.Close();
            var output = ReadAsync(process.StandardOutput, ct);
            var errors = ReadAsync(process.StandardError, ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0
                ? await output
                : throw new ToolException($"{Path.GetFileName(program)} failed: {Reason(await errors)} (exit code {process.ExitCode})");
        }
        finally
        {
            await KillAsync(process);
        }
    }

    private static Process Start(
        string program, IEnumerable<string> arguments, string folder, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ToolException($"{program} can't be run here: {e.Message}");
        }
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(StreamReader reader, CancellationToken ct)
    {
        var lines = new Queue<string>();
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            lines.Enqueue(line);
            if (lines.Count > KeptLines)
                lines.Dequeue();
        }

        return [.. lines];
    }

    /// <summary>The lines that npm and apt mark as errors, else the first ones; passwords in addresses are left out.</summary>
    private static string Reason(IReadOnlyList<string> errors)
    {
        var lines = errors.Where(line => line.Length > 0).ToList();
        var marked = lines.Where(line => Mark.IsMatch(line)).ToList();
        var shown = (marked.Count > 0 ? marked : lines).Take(ShownLines).Select(line => line.Trim());
        return Credentials.Replace(string.Join(", ", shown), "//");
    }

    private static async Task KillAsync(Process process)
    {
        if (process.HasExited)
            return;

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
