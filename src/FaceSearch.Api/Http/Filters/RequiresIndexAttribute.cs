using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Abstractions;
using Microsoft.AspNetCore.Mvc.Filters;

namespace FaceSearch.Api.Http.Filters;

/// <summary>The call is answered with 503 until the index has loaded.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresIndexAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        if (!context.HttpContext.RequestServices.GetRequiredService<IFaceGallery>().IsReady)
            context.Result = ApiErrors.IndexLoading.ToActionResult(context.HttpContext);
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
