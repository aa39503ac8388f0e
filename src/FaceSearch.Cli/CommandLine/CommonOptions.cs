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

    public static Option<int> Patience { get; } = new Option<int>("--patience")
    {
        Description = "How long to retry when the server is unreachable, in seconds",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 300,
    }.TakesWhole(0, 86_400);

    public static Option<int> Limit { get; } = new Option<int>("--limit", "-n")
    {
        Description = "The largest number of results",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 1000,
    }.TakesWhole(1, 1_000_000);

    public static Option<float?> Tolerance { get; } = new Option<float?>("--tolerance", "-t")
    {
        Description = "The largest distance that matches; the server's own by default",
        HelpName = "DISTANCE",
    }.TakesFraction();

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask whether it is meant" };
}
