using System.Globalization;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using Microsoft.Extensions.Primitives;

namespace FaceSearch.Api.Faces;

/// <summary>A face's fields, in the query or in the picture's form; the query overrides the form.</summary>
internal sealed class FaceParameters(IReadOnlyDictionary<string, StringValues> form)
{
    public string? Text(string name, string? inQuery)
    {
        var text = inQuery ?? (form.TryGetValue(name, out var values) ? values.LastOrDefault() : null);
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    /// <summary>Repeated, or with commas between them.</summary>
    public IReadOnlyList<string> Texts(string name, string[]? inQuery)
    {
        var texts = inQuery is { Length: > 0 } ? inQuery : form.GetValueOrDefault(name).ToArray();
        return
        [
            .. texts
                .SelectMany(text => (text ?? string.Empty).Split(
                    ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary><c>x,y,width,height</c> in whole pixels; null without one.</summary>
    public static Result<BoundingBox?> Box(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return (BoundingBox?)null;

        var numbers = new int[4];
        var parts = text.Split(',');
        for (var i = 0; i < numbers.Length; i++)
        {
            if (parts.Length != numbers.Length
                || !int.TryParse(parts[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
                return CommonErrors.InvalidField(name, $"{name} is x,y,width,height in whole pixels: 10,20,100,120.");
        }

        return new BoundingBox(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
