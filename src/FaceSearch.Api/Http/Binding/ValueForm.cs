using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace FaceSearch.Api.Http.Binding;

/// <summary>How values of a type are written in a query or a form, whatever the server's culture.</summary>
/// <param name="Expected">What to write, as the end of a sentence that begins with the parameter's name.</param>
/// <param name="Parse">The value; null for any other text.</param>
internal sealed record ValueForm(string Expected, Func<string, object?> Parse)
{
    private static readonly SearchValues<char> OfWholeNumbers = SearchValues.Create("-0123456789");
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("+-.0123456789Ee");

    private static readonly ValueForm WholeNumber = new("is a whole number in digits, such as 5.", text => ParseInt(text));
    private static readonly ValueForm Single = new("is a number with a point, such as 0.25.", text => ParseSingle(text));
    private static readonly ValueForm Double = new("is a number with a point, such as 0.25.", text => ParseDouble(text));
    private static readonly ValueForm Truth = new("is true or false.", ParseBool);

    /// <summary>Null for types that accept any text, and for types that are not single values.</summary>
    public static ValueForm? Of(Type type)
    {
        if (type.IsEnum)
            return OfWords(type);
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Int32 => WholeNumber,
            TypeCode.Single => Single,
            TypeCode.Double => Double,
            TypeCode.Boolean => Truth,
            _ => null,
        };
    }

    /// <summary>The words of an enum, as the document lists them.</summary>
    public static string[] WordsOf(Type type) => [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static ValueForm OfWords(Type type)
    {
        var words = WordsOf(type);
        var values = words.Zip(Enum.GetNames(type), (word, name) => (word, Value: Enum.Parse(type, name)))
            .ToDictionary(pair => pair.word, pair => pair.Value);
        return new ValueForm($"is one of {string.Join(", ", words)}.", values.GetValueOrDefault);
    }

    private static int? ParseInt(string text) =>
        !text.AsSpan().ContainsAnyExcept(OfWholeNumbers)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static float? ParseSingle(string text) =>
        ParseDouble(text) is double number && float.IsFinite((float)number)
            ? float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
            : null;

    private static double? ParseDouble(string text) =>
        !text.AsSpan().ContainsAnyExcept(OfNumbers)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number) ? number : null;

    private static object? ParseBool(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };
}
