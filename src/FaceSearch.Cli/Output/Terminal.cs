using FaceSearch.Cli.CommandLine;
using FaceSearch.Client;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Output;

/// <summary>Writes results to standard output and everything else to standard error, as text or JSON.</summary>
internal sealed class Terminal(CommandEnvironment environment, bool json, bool quiet, bool verbose)
{
    public bool IsJson { get; } = json;

    public bool IsQuiet { get; } = quiet;

    public bool IsVerbose { get; } = verbose;

    /// <summary>True when a terminal shows progress bars.</summary>
    public bool IsWatched => environment.IsWatched && !IsJson && !IsQuiet;

    public IAnsiConsole Output { get; } =
        CommandEnvironment.ConsoleOn(environment.Output, environment.Output == Console.Out && !Console.IsOutputRedirected);

    public IAnsiConsole Error { get; } = CommandEnvironment.ConsoleOn(environment.Error, environment.IsWatched);

    /// <summary>The result of a command: as JSON, or as a table.</summary>
    public void Show<T>(T result, Func<T, IRenderable> draw)
    {
        if (IsJson)
            environment.Output.WriteLine(JsonText.Of(result));
        else
            Output.Write(draw(result));
    }

    /// <summary>A line of the result.</summary>
    public void Say(string line) => environment.Output.WriteLine(Plain.Text(line));

    /// <summary>A remark beside the result; not with --quiet or --json.</summary>
    public void Remark(string line)
    {
        if (!IsQuiet && !IsJson)
            environment.Error.WriteLine(Plain.Text(line));
    }

    /// <summary>Asks for confirmation before an irreversible action.</summary>
    /// <exception cref="CliException">The answer is no, or there is no terminal to ask on.</exception>
    public void Confirm(string question, bool isMeant)
    {
        if (isMeant)
            return;
        if (!environment.CanAsk || IsJson)
            throw new CliException($"{Plain.Text(question)} Say so with --yes.", ExitCode.Usage);
        if (!Error.Confirm(Markup.Escape(Plain.Text(question)), defaultValue: false))
            throw new CliException("Nothing was done.");
    }

    /// <summary>A line of JSON on standard error.</summary>
    public void Note<T>(T progress) => environment.Error.WriteLine(JsonText.LineOf(progress));

    public void ShowError(string message, string? advice)
    {
        if (IsJson)
        {
            Note(new { title = "Error", detail = Plain.Text(message), advice });
            return;
        }

        Heading(Plain.Text(message));
        if (advice is not null)
            environment.Error.WriteLine(advice);
    }

    public void ShowProblem(ProblemResponse problem, string? advice)
    {
        if (IsJson)
        {
            Note(problem);
            return;
        }

        Heading($"{problem.Title} ({problem.Status})");
        environment.Error.WriteLine(Plain.Text(problem.Detail));
        foreach (var (field, messages) in problem.Errors ?? new Dictionary<string, IReadOnlyList<string>>())
            environment.Error.WriteLine($"  {Plain.Text(field)}: {Plain.Text(string.Join(' ', messages))}");
        environment.Error.WriteLine($"  type: {problem.Type}");
        environment.Error.WriteLine($"  traceId: {problem.TraceId}");
        if (advice is not null)
            environment.Error.WriteLine(advice);
    }

    private void Heading(string message)
    {
        Error.Write(new Text("Error: ", new Style(Color.Red)));
        environment.Error.WriteLine(message);
    }
}
