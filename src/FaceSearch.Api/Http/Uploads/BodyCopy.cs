using FaceSearch.Application.Results;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>Copies files out of a request's body.</summary>
internal static class BodyCopy
{
    private const int BufferSize = 81920;

    /// <param name="check">Gets the bytes so far, before they are written. An error ends the copy.</param>
    /// <returns>The error of the check; null when everything was copied.</returns>
    /// <exception cref="BadHttpRequestException">The body broke off.</exception>
    public static async Task<Error?> CopyAsync(
        Stream body, Stream destination, Func<long, Error?> check, CancellationToken ct)
    {
        var buffer = new byte[BufferSize];
        var total = 0L;
        int read;
        while ((read = await ReadAsync(body, buffer, ct)) > 0)
        {
            total += read;
            if (check(total) is { } refusal)
                return refusal;
            await destination.WriteAsync(buffer.AsMemory(0, read), ct);
        }

        return null;
    }

    /// <summary>Distinguishes a broken request body from a failing disk: both are IOExceptions.</summary>
    private static async ValueTask<int> ReadAsync(Stream body, byte[] buffer, CancellationToken ct)
    {
        try
        {
            return await body.ReadAsync(buffer, ct);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body broke off.", exception);
        }
    }
}
