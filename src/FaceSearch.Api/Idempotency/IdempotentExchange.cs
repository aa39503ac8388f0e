using FaceSearch.Application.Idempotency;
using Microsoft.AspNetCore.Mvc.Filters;

namespace FaceSearch.Api.Idempotency;

/// <summary>
/// Handles a request that was claimed: hashes its body as it streams by, keeps the answer back until it is stored, and
/// frees the key when there is no answer that could be given again.
/// </summary>
/// <remarks>
/// A client that hangs up is the very one that will repeat: the work goes on to its end, so that the repeat finds the
/// answer. Only a server that stops breaks it off.
/// </remarks>
internal sealed partial class IdempotentExchange(
    HttpContext http, IdempotencyLedger ledger, IdempotencyClaim claim, bool answersSecret)
{
    /// <summary>An action that refuses does not read the rest of the body; a rest of this size is read after it.</summary>
    private const int MaxRestBytes = 1 << 20;

    private readonly ILogger logger = http.RequestServices.GetRequiredService<ILogger<IdempotentExchange>>();

    public async Task RunAsync(ResourceExecutionDelegate next)
    {
        var lifetime = http.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        var (requestBody, responseBody, hungUp) = (http.Request.Body, http.Response.Body, http.RequestAborted);
        using var hash = new RequestHash(http.Request);
        using var answer = new MemoryStream();
        using var ended = new CancellationTokenSource();
        var alive = KeepAliveAsync(ended.Token);
        var isStored = false;
        try
        {
            http.RequestAborted = lifetime.ApplicationStopping;
            http.Request.Body = new HashedBody(requestBody, hash);
            http.Response.Body = answer;
            var executed = await next();
            http.Response.Body = responseBody;

            isStored = executed.Exception is null && IsDefinitive(http.Response.StatusCode)
                && await TryStoreAsync(hash, requestBody, answer);
        }
        finally
        {
            (http.Request.Body, http.Response.Body, http.RequestAborted) = (requestBody, responseBody, hungUp);
            await ended.CancelAsync();
            await alive;
            if (!isStored)
                await FreeAsync();
        }

        answer.Position = 0;
        await answer.CopyToAsync(responseBody, hungUp);
    }

    private static bool IsDefinitive(int status) =>
        status is >= 200 and < 500
            and not (StatusCodes.Status408RequestTimeout
                or StatusCodes.Status429TooManyRequests
                or StatusCodes.Status499ClientClosedRequest);

    /// <summary>
    /// A fault of the database comes too late to undo anything, so the caller gets the answer all the same. A repeat is
    /// refused until the claim runs out, and then handled anew.
    /// </summary>
    private async Task<bool> TryStoreAsync(RequestHash hash, Stream rest, MemoryStream answer)
    {
        try
        {
            if (!await TryFinishAsync(hash, rest))
                return false;

            var headers = http.Response.Headers;
            var isSecret = answersSecret && http.Response.StatusCode < StatusCodes.Status400BadRequest;
            await ledger.CompleteAsync(
                claim,
                hash.Finish(),
                new IdempotentAnswer(
                    http.Response.StatusCode,
                    http.Response.ContentType,
                    headers.Location,
                    headers.ETag,
                    isSecret ? null : answer.ToArray()),
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotStored(logger, exception.Message);
        }

        return true;
    }

    /// <summary>
    /// The end of a body that its headers measure is known without another read, which fails when the client has hung up.
    /// </summary>
    private async Task<bool> TryFinishAsync(RequestHash hash, Stream rest)
    {
        try
        {
            return http.Request.ContentLength == hash.BodyLength
                || await hash.ReadToEndAsync(rest, MaxRestBytes, CancellationToken.None);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task FreeAsync()
    {
        try
        {
            await ledger.FreeAsync(claim, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotStored(logger, exception.Message);
        }
    }

    private async Task KeepAliveAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(IdempotencyLedger.SignOfLife);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
                await ledger.RenewAsync(claim, ended);
        }
        catch (OperationCanceledException)
        {
            // The request has ended.
        }
        catch (Exception exception)
        {
            LogNotStored(logger, exception.Message);
        }
    }

    [LoggerMessage(EventId = 4200, Level = LogLevel.Warning, Message = "A request with an idempotency key could not be noted: {Reason}")]
    private static partial void LogNotStored(ILogger logger, string reason);
}
