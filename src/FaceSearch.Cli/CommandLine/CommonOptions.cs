using System.CommandLine;

namespace FaceSearch.Cli.CommandLine;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Collection { get; } = new("--collection", "-c")
    {
        Description = "The collection",
        HelpName = "NAME",
        DefaultValueFactory = _ => "default",
    };

    public static Option<int> Patience { get; } = new("--patience")
    {
        Description = "How long to wait for a server that went away, in seconds",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 300,
    };

    public static Option<int> Limit { get; } = new("--limit", "-n")
    {
        Description = "At most so many",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 1000,
    };

    public static Option<float?> Tolerance { get; } = new("--tolerance", "-t")
    {
        Description = "The largest distance that matches; the server's own by default",
        HelpName = "DISTANCE",
    };

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask whether it is meant" };

    static CommonOptions()
    {
        Within(Patience, 0, 86_400);
        Within(Limit, 1, 1_000_000);
    }

    /// <summary>A number outside is an error of usage.</summary>
    public static void Within(Option<int> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number < least || number > most))
            result.AddError($"{option.Name} is a number from {least} to {most}.");
    });
}
