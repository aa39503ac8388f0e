using System.Globalization;
using Microsoft.AspNetCore.OpenApi;

namespace FaceSearch.Api.Http.OpenApi;

/// <summary>What the transformers read from an operation.</summary>
internal static class OperationContext
{
    public static T? Find<T>(this OpenApiOperationTransformerContext context)
        where T : class =>
        context.All<T>().LastOrDefault();

    public static IEnumerable<T> All<T>(this OpenApiOperationTransformerContext context)
        where T : class =>
        context.Description.ActionDescriptor.EndpointMetadata.OfType<T>();

    public static bool HasRouteValue(this OpenApiOperationTransformerContext context, string name) =>
        context.Description.RelativePath?.Contains($"{{{name}}}", StringComparison.Ordinal) is true;

    public static string StatusText(int status) => status.ToString(CultureInfo.InvariantCulture);
}
