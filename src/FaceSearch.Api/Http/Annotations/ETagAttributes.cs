using FaceSearch.Api.Http.Filters;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace FaceSearch.Api.Http.Annotations;

/// <summary>
/// The answer has the resource's <c>ETag</c>. A read whose <c>If-None-Match</c> has that tag is answered with 304.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnswersETagAttribute : Attribute, IResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        var http = context.HttpContext;
        if (HttpMethods.IsGet(http.Request.Method)
            && http.Response.Headers.ETag.ToString() is { Length: > 0 } etag
            && http.Request.HasAnswer(etag))
            context.Result = new StatusCodeResult(StatusCodes.Status304NotModified);
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}

/// <summary>The change is made only to the state that <c>If-Match</c> names, when the header is there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExpectsETagAttribute : Attribute;
