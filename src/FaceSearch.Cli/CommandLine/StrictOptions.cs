using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FaceSearch.Cli.CommandLine;

/// <summary>
/// Parses numbers and words strictly: no comma in numbers, no numbers for words. Any other text is a usage error.
/// </summary>
internal static class StrictOptions
{
    private const string Whole = "a whole number such as 5";
    private const string Fraction = "a number with a point such as 0.4";

    public static Option<int?> TakesWhole(this Option<int?> option)
    {
        option.CustomParser = result => Read(result, option.Name, Whole, ParseWhole);
        return option;
    }

    /// <summary>A number out of range is a usage error.</summary>
    public static Option<int> TakesWhole(this Option<int> option, int least, int most)
    {
        option.CustomParser = result => Read(result, option.Name, $"a whole number from {least} to {most}", Parse) ?? 0;
        return option;

        int? Parse(string text) => ParseWhole(text) is { } number && number >= least && number <= most ? number : null;
    }

    public static Option<float?> TakesFraction(this Option<float?> option)
    {
        option.CustomParser = result => (float?)Read(result, option.Name, Fraction, ParseFraction);
        return option;
    }

    public static Option<double?> TakesFraction(this Option<double?> option)
    {
        option.CustomParser = result => Read(result, option.Name, Fraction, ParseFraction);
        return option;
    }

    public static Option<T?> TakesWord<T>(this Option<T?> option)
        where T : struct, Enum
    {
        option.CustomParser = result => Read(result, option.Name, OneOf<T>(), ParseWord<T>);
        return option;
    }

    public static Option<T[]> TakesWords<T>(this Option<T[]> option)
        where T : struct, Enum
    {
        option.CustomParser = result =>
            [.. result.Tokens.Select(token => Read(result, token.Value, option.Name, OneOf<T>(), ParseWord<T>)).OfType<T>()];
        return option;
    }

    private static T? Read<T>(ArgumentResult result, string option, string expected, Func<string, T?> parse)
        where T : struct =>
        Read(result, result.Tokens[0].Value, option, expected, parse);

    private static T? Read<T>(ArgumentResult result, string text, string option, string expected, Func<string, T?> parse)
        where T : struct
    {
        var value = parse(text);
        if (value is null)
            result.AddError($"{option} is {expected}, not '{text}'.");
        return value;
    }

    private static int? ParseWhole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? ParseFraction(string text)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && float.IsFinite((float)number) ? number : null;
    }

    /// <summary>In any letter case.</summary>
    private static T? ParseWord<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : null;

    private static string OneOf<T>()
        where T : struct, Enum =>
        $"one of {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}";
}
