using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FaceSearch.Application.Results;

namespace FaceSearch.Api.Http.Binding;

/// <summary>
/// Compares the members of a JSON body with those of the type it becomes: none unknown, none twice, enums by their
/// exact words. The serializer checks the rest. For one body; not thread-safe.
/// </summary>
internal sealed class JsonMembers(CallParameters call, JsonSerializerOptions json)
{
    /// <summary>The field that errors name when they concern the whole body.</summary>
    public const string WholeBody = "body";

    private readonly Dictionary<string, string[]> faults = [];
    private Error? unknown;

    public Error? Refusal => unknown ?? (faults.Count == 0 ? null : CommonErrors.InvalidFields(faults));

    public void Check(JsonElement element, JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Object && element.ValueKind == JsonValueKind.Object)
            CheckObject(element, type);
        else if (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } items } && element.ValueKind == JsonValueKind.Array)
            CheckEach(element, json.GetTypeInfo(items));
    }

    /// <summary>What the serializer refused, by the member in the exception's path: <c>$.scopes[0]</c>.</summary>
    public static Error RefusalOf(JsonException exception, JsonTypeInfo type)
    {
        var name = (exception.Path ?? string.Empty).TrimStart('$', '.').Split('[', '.')[0];
        return Find(type, name) is { } property
            ? CommonErrors.InvalidField(property.Name, $"{property.Name} {ExpectedOf(property.PropertyType)}")
            : CommonErrors.InvalidField(WholeBody, "The body is a JSON object.");
    }

    private void CheckObject(JsonElement element, JsonTypeInfo type)
    {
        var seen = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            if (Find(type, member.Name) is not { } property)
                unknown ??= call.UnknownInJson(member.Name, [.. type.Properties.Select(one => one.Name)]);
            else if (!seen.Add(property.Name))
                faults[property.Name] = [$"{property.Name} was given more than once. Give it once."];
            else if (!HasItsForm(member.Value, property.PropertyType))
                faults[property.Name] = [$"{property.Name} {ExpectedOf(property.PropertyType)}"];
            else
                Check(member.Value, json.GetTypeInfo(property.PropertyType));
        }
    }

    private void CheckEach(JsonElement array, JsonTypeInfo items)
    {
        if (items.Kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Enumerable))
            return;
        foreach (var item in array.EnumerateArray())
            Check(item, items);
    }

    private static JsonPropertyInfo? Find(JsonTypeInfo type, string name) =>
        type.Properties.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// True unless the serializer would take a value that is not documented: an enum in another letter case, or a time
    /// without an offset, which it reads in the server's zone.
    /// </summary>
    private static bool HasItsForm(JsonElement value, Type type) => value.ValueKind switch
    {
        JsonValueKind.Array => ItemOf(type) is not { } item || value.EnumerateArray().All(one => HasItsForm(one, item)),
        JsonValueKind.String when SingleOf(type).IsEnum => ValueForm.WordsOf(SingleOf(type)).Contains(value.GetString()),
        JsonValueKind.String when SingleOf(type) == typeof(DateTimeOffset) => HasOffset(value.GetString()!),
        _ => true,
    };

    private static bool HasOffset(string time) => time.IndexOf('T') is var at and >= 0 && time.AsSpan(at).ContainsAny('Z', '+', '-');

    private static string ExpectedOf(Type type)
    {
        if (ItemOf(type) is { } item)
            return $"is a list; each item {ExpectedOf(item)}";
        return SingleOf(type) == typeof(DateTimeOffset)
            ? "is a time with its offset, such as 2030-01-31T12:00:00Z."
            : ValueForm.Of(SingleOf(type))?.Expected ?? "is a text.";
    }

    private static Type SingleOf(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static Type? ItemOf(Type type) =>
        type.IsArray ? type.GetElementType() : type.IsGenericType && type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? type.GetGenericArguments()[0] : null;
}
