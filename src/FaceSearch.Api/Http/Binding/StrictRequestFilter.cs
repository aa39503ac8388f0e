using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.Primitives;

namespace FaceSearch.Api.Http.Binding;

/// <summary>
/// Refuses what a call would ignore: unknown, repeated and empty parameters in the query and in forms, a body that no
/// action reads, and an <c>If-Match</c> that can't be read. Forms that stream in are checked by
/// <see cref="Uploads.UploadReader"/>, JSON by <see cref="StrictJsonFormatter"/>.
/// </summary>
internal sealed class StrictRequestFilter : IAsyncResourceFilter, IOrderedFilter
{
    /// <summary>Runs after the attributes of actions, one of which removes a trailing slash from the query.</summary>
    public int Order => 1;

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        var request = context.HttpContext.Request;
        var call = CallParameters.Of(context.HttpContext);
        var refusal = request.FindUnreadableIfMatch() ?? CheckQuery(request, call);
        if (refusal is null && !call.TakesBody && await HasBodyAsync(request))
            refusal = ApiErrors.UnexpectedBody;
        if (refusal is null && call.BindsForm && request.HasFormContentType)
            refusal = await CheckFormAsync(request, call);

        if (refusal is null)
            await next();
        else
            context.Result = refusal.ToActionResult(context.HttpContext);
    }

    private static Error? CheckQuery(HttpRequest request, CallParameters call) =>
        request.Query.Keys.Select(call.FindUnknownInQuery).FirstOrDefault(unknown => unknown is not null)
        ?? FirstFault(request.Query, call);

    private static async Task<Error?> CheckFormAsync(HttpRequest request, CallParameters call)
    {
        var form = await request.ReadFormOrRefuseAsync();
        return form.Keys.Concat(form.Files.Select(file => file.Name))
                .Select(call.FindUnknownInForm).FirstOrDefault(unknown => unknown is not null)
            ?? FirstFault(form, call)
            ?? (form.Files is [var file, ..] ? CommonErrors.InvalidField(file.Name, $"{file.Name} is a text, not a file.") : null);
    }

    private static Error? FirstFault(IEnumerable<KeyValuePair<string, StringValues>> given, CallParameters call) =>
        given.Select(one => call.FindFault(one.Key, one.Value)).FirstOrDefault(fault => fault is not null);

    private static async Task<bool> HasBodyAsync(HttpRequest request)
    {
        if (request.ContentLength is { } length)
            return length > 0;

        return request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true
            && await request.Body.ReadAsync(new byte[1], request.HttpContext.RequestAborted) > 0;
    }
}
