using System.Text;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Diagnostics;

namespace FaceSearch.Api.Http.Problems;

/// <summary>
/// Handles unexpected exceptions. An outage of the database or the disk is 503, a broken body 400, a slow one 408, any
/// other exception 500. The exception is logged and never sent to the caller.
/// </summary>
internal sealed partial class UnhandledExceptionHandler(ILogger<UnhandledExceptionHandler> logger) : IExceptionHandler
{
    private const int ErrnoNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    private static readonly Error Internal = new(
        ErrorKind.Internal, "internal-error",
        "Unexpected error. Report it with the traceId.");

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var error = Classify(exception, httpContext);
        if (error.Kind is ErrorKind.Unavailable or ErrorKind.Internal)
            LogFault(logger, exception, error.Code);

        await error.WriteAsync(httpContext);
        return true;
    }

    private static Error Classify(Exception exception, HttpContext http) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
            when FindBodyLimit(http) is { } limit => limit.Refusal,
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => ApiErrors.BodyTooSlow,
        BadHttpRequestException or DecoderFallbackException => ApiErrors.MalformedBody,
        IOException { HResult: ErrnoNoSpace or WindowsDiskFull } => ApiErrors.StorageFull,
        UploadFolderMissingException => ApiErrors.FolderMissing,
        _ when IsOutage(exception, http) => ApiErrors.StorageUnavailable,
        { InnerException: { } inner } => Classify(inner, http),
        _ => Internal,
    };

    private static BodyLimit? FindBodyLimit(HttpContext http) =>
        http.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<BodyLimit>();

    /// <summary>Other errors of the database are bugs.</summary>
    private static bool IsOutage(Exception exception, HttpContext http) =>
        http.RequestServices.GetRequiredService<IFaceSearchDbContext>().IsUnavailable(exception);

    [LoggerMessage(EventId = 4000, Level = LogLevel.Error, Message = "Request failed with {Code}")]
    private static partial void LogFault(ILogger logger, Exception exception, string code);
}
