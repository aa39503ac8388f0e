using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Output;
using Spectre.Console;

namespace FaceSearch.Cli.Connection;

/// <summary>
/// Where the API key comes from. Never from an argument: every user of the machine can read those while a program runs.
/// </summary>
internal static class KeySource
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The key from the prompt, else from the file, else from the variable; null without any.</summary>
    /// <exception cref="CliException">The file can't be read, or other users can read it.</exception>
    public static string? Read(FileInfo? file, bool ask, CommandEnvironment environment, Terminal terminal)
    {
        var key = ask ? Ask(environment, terminal)
            : file is not null ? ReadFile(file)
            : environment.Variable(GlobalOptions.KeyVariable)?.Trim();
        if (string.IsNullOrEmpty(key))
            return null;
        if (!key.All(c => c is > ' ' and <= '~'))
            throw new CliException("The API key has invalid characters. Check what you pasted.");

        return key;
    }

    private static string Ask(CommandEnvironment environment, Terminal terminal) => environment.CanAsk
        ? terminal.Error.Prompt(new TextPrompt<string>("API key:").Secret(null))
        : throw new CliException($"--ask-key needs a terminal; in a script use {GlobalOptions.KeyVariable} or --key-file.", ExitCode.Usage);

    private static string ReadFile(FileInfo file)
    {
        if (!file.Exists)
            throw new CliException($"There is no key file {file.FullName}.");
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & Others) != 0)
            throw new CliException($"The key file can be read by others than you: chmod 600 {file.FullName}");

        return File.ReadAllText(file.FullName).Trim();
    }
}
