using System.Data.Common;
using System.Text;
using FaceSearch.Api.Uploads;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Diagnostics;

namespace FaceSearch.Api.Problems;

/// <summary>
/// What no use case expects: a database or disk that fails is 503, a broken body 400, anything else 500. The caller
/// never sees the exception; the log does.
/// </summary>
internal sealed partial class UnhandledExceptionHandler(ILogger<UnhandledExceptionHandler> logger) : IExceptionHandler
{
    private const int ErrnoNoSpace = 28;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    private static readonly Error Internal = new(
        ErrorKind.Internal, "internal-error",
        "The server made a mistake. It is in its log under the traceId; please report it.");

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var error = Classify(exception, httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint);
        if (error.Kind is ErrorKind.Unavailable or ErrorKind.Internal)
            LogFault(logger, exception, error.Code);

        await error.WriteAsync(httpContext);
        return true;
    }

    /// <param name="endpoint">Knows how large its bodies may be.</param>
    private static Error Classify(Exception exception, Endpoint? endpoint) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
            when endpoint?.Metadata.GetMetadata<BodyLimit>() is { } limit => limit.Refusal,
        BadHttpRequestException or DecoderFallbackException => ApiErrors.MalformedBody,
        IOException { HResult: ErrnoNoSpace or WindowsDiskFull } => ApiErrors.StorageFull,
        DbException => ApiErrors.StorageUnavailable,
        { InnerException: { } inner } => Classify(inner, endpoint),
        _ => Internal,
    };

    [LoggerMessage(EventId = 4000, Level = LogLevel.Error, Message = "Request failed with {Code}")]
    private static partial void LogFault(ILogger logger, Exception exception, string code);
}
