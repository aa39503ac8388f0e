using FaceSearch.Api.Http.Problems;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>
/// The action reads the body itself as it streams in: model binding must not read it as a form first. The body has a
/// time limit by its size, see <see cref="UploadOptions"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StreamsBodyAttribute : Attribute, IAsyncResourceFilter, IOrderedFilter
{
    /// <summary>Before the idempotency key's filter, which reads the body of a repeated request.</summary>
    public int Order => -2000;

    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        context.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
        var (request, services) = (context.HttpContext.Request, context.HttpContext.RequestServices);
        var bytes = request.ContentLength ?? context.HttpContext.GetEndpoint()!.Metadata.GetRequiredMetadata<BodyLimit>().Bytes;
        var body = request.Body;
        await using var timed = new TimedBody(
            body, services.GetRequiredService<IOptions<UploadOptions>>().Value.TimeOf(bytes), services.GetRequiredService<TimeProvider>());
        request.Body = timed;
        try
        {
            await next();
        }
        finally
        {
            request.Body = body;
        }
    }
}
