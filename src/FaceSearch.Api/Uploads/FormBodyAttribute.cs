using Microsoft.AspNetCore.Mvc.Filters;

namespace FaceSearch.Api.Uploads;

/// <summary>
/// Reads the form before model binding does, which answers a form larger than its limit as one with invalid fields.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FormBodyAttribute : Attribute, IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        if (context.HttpContext.Request.HasFormContentType)
            await ReadAsync(context.HttpContext);
        await next();
    }

    /// <exception cref="BadHttpRequestException">The form is malformed, cut off or too large.</exception>
    public static async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form can't be read.", exception);
        }
    }
}
