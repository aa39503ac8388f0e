using System.Reflection;
using FaceSearch.Api.Http.Annotations;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>Adds the limits of <see cref="LimitsAttribute"/> to the schemas of properties and parameters.</summary>
internal static class SchemaLimits
{
    public static void Apply(ICustomAttributeProvider? member, IOpenApiSchema? schema)
    {
        if (member?.GetCustomAttributes(typeof(LimitsAttribute), false) is [LimitsAttribute limits] && schema is OpenApiSchema own)
            Apply(limits, own);
    }

    public static Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        foreach (var described in context.Description.ParameterDescriptions)
        {
            var parameter = operation.Parameters?.FirstOrDefault(one => one.Name == described.Name);
            Apply((described.ParameterDescriptor as ControllerParameterDescriptor)?.ParameterInfo, parameter?.Schema);
        }

        return Task.CompletedTask;
    }

    private static void Apply(LimitsAttribute limits, OpenApiSchema schema)
    {
        schema.MinItems = LimitsAttribute.ValueOf(limits.MinItems);
        schema.MaxItems = LimitsAttribute.ValueOf(limits.MaxItems);
        if ((schema.Items ?? schema) is not OpenApiSchema text)
            return;

        text.MinLength = LimitsAttribute.ValueOf(limits.MinLength);
        text.MaxLength = LimitsAttribute.ValueOf(limits.MaxLength);
        text.Pattern = limits.Pattern;
    }
}
