using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceSearch.Api.Hosting.Maintenance;

/// <summary>One run of one command: its arguments and its output. The result goes to standard output, all else to standard error.</summary>
internal sealed class CommandRun(ParseResult parsed, CancellationToken ct)
{
    private static readonly JsonSerializerOptions Page = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "The result as JSON", Recursive = true };

    public static Option<bool> Verbose { get; } = new("--verbose") { Description = "The log on standard error", Recursive = true };

    public CancellationToken Ct { get; } = ct;

    public bool IsVerbose => Get(Verbose);

    public TextWriter Error => parsed.InvocationConfiguration.Error;

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>The result: as JSON, or as text.</summary>
    public void Show<T>(T result, Func<T, string> write) =>
        parsed.InvocationConfiguration.Output.WriteLine(Get(Json) ? JsonSerializer.Serialize(result, Page) : write(result));

    public int Fail(string message)
    {
        Error.WriteLine($"Error: {message}");
        return ExitCode.Error;
    }
}
