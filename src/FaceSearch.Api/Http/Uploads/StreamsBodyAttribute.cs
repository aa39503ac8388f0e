using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>
/// The action reads the body itself as it streams in: model binding must not read it as a form first.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StreamsBodyAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context) =>
        context.ValueProviderFactories.RemoveType<FormValueProviderFactory>();

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
