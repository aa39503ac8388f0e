using Microsoft.AspNetCore.Mvc.Filters;

namespace FaceSearch.Api.Controllers;

/// <summary>The first clients wrote <c>?k=5&amp;tolerance=0.6/</c>: a slash at the end of the query is dropped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TolerateStraySlashAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        var request = context.HttpContext.Request;
        if (request.QueryString.Value is { } query && query.EndsWith('/'))
            request.QueryString = new QueryString(query.TrimEnd('/'));
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
    }
}
