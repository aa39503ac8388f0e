using System.Text.Json;

namespace FaceSearch.Cli.Output;

/// <summary>The words of <c>docs/reasons.json</c> for a single picture. The file is part of the program.</summary>
internal static class FailureReasons
{
    private static readonly Lazy<Reasons> Words = new(Load);

    /// <summary>An unknown code of a newer server is returned unchanged.</summary>
    public static string Of(string? code) =>
        code is null ? string.Empty : Words.Value.Files.GetValueOrDefault(code, code);

    private static Reasons Load()
    {
        using var stream = typeof(FailureReasons).Assembly.GetManifestResourceStream("reasons.json")!;
        return JsonSerializer.Deserialize<Reasons>(stream, JsonSerializerOptions.Web)!;
    }

    /// <param name="Files">By code.</param>
    private sealed record Reasons(Dictionary<string, string> Files);
}
