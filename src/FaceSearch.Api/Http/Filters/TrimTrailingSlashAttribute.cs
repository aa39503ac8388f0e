using Microsoft.AspNetCore.Mvc.Filters;

namespace FaceSearch.Api.Http.Filters;

/// <summary>Removes a slash at the end of the query, as in <c>?k=5&amp;tolerance=0.6/</c> of the first clients.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TrimTrailingSlashAttribute : Attribute, IResourceFilter
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
