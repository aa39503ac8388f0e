using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FaceSearch.Cli.Output;

/// <summary>JSON as the server itself writes it: camelCase, enums as words.</summary>
internal static class JsonText
{
    private static readonly JsonStringEnumConverter Words = new(JsonNamingPolicy.CamelCase);

    private static readonly JsonSerializerOptions Line = Options(indented: false);

    private static readonly JsonSerializerOptions Page = Options(indented: true);

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Page);

    public static string LineOf<T>(T value) => JsonSerializer.Serialize(value, Line);

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { Words },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { UseWords } },
    };

    /// <summary>The generated types declare a converter for enums that writes the C# names.</summary>
    private static void UseWords(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => IsEnum(property.PropertyType)))
            property.CustomConverter = Words;
    }

    private static bool IsEnum(Type type) => (Nullable.GetUnderlyingType(type) ?? type).IsEnum;
}
