namespace FaceSearch.Api.Http.Binding;

internal static class Forms
{
    /// <summary>The form, which the framework keeps for later readers.</summary>
    /// <exception cref="BadHttpRequestException">The form is invalid, or larger than the server's limits.</exception>
    public static async Task<IFormCollection> ReadFormOrRefuseAsync(this HttpRequest request)
    {
        try
        {
            return await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The form can't be read.", exception);
        }
    }
}
