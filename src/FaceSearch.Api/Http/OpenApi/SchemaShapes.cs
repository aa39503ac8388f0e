using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Annotations;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>Adds the type of an enum and the required properties to the framework's schemas.</summary>
internal static class SchemaShapes
{
    private const string IsOpen = "Open: later versions may answer further values.";

    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type.IsEnum)
            DescribeEnum(schema, type);

        foreach (var property in context.JsonTypeInfo.Properties)
        {
            if (schema.Properties?.TryGetValue(property.Name, out var found) is not true)
                continue;

            SchemaLimits.Apply(property.AttributeProvider, found);
            if (LeftOutWhenNull(property.AttributeProvider))
                schema.Required?.Remove(property.Name);
            else if (Has<RequiredByValidatorAttribute>(property.AttributeProvider))
                (schema.Required ??= new HashSet<string>()).Add(property.Name);
            else
                continue;
            if (found is OpenApiSchema { Type: { } types } own)
                own.Type = types & ~JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }

    /// <summary>Nullability belongs to the property, not to the enum.</summary>
    private static void DescribeEnum(OpenApiSchema schema, Type type)
    {
        schema.Type = JsonSchemaType.String;
        schema.Enum = [.. (schema.Enum ?? []).Where(value => value?.GetValueKind() is JsonValueKind.String)];
        schema.Description = $"{type.GetCustomAttribute<DescriptionAttribute>()?.Description} {IsOpen}".Trim();
    }

    private static bool LeftOutWhenNull(ICustomAttributeProvider? member) =>
        member?.GetCustomAttributes(typeof(JsonIgnoreAttribute), false) is [JsonIgnoreAttribute ignore]
        && ignore.Condition == JsonIgnoreCondition.WhenWritingNull;

    private static bool Has<T>(ICustomAttributeProvider? member)
        where T : Attribute =>
        member?.IsDefined(typeof(T), false) is true;
}
