using System.Net;
using System.Net.Http.Headers;

namespace FaceSearch.Cli.Connection;

/// <summary>How long a command waits for a server that went away.</summary>
/// <param name="OnTrouble">Told in words when it does not answer, and null when it does again.</param>
internal sealed record Patience(TimeSpan ForServer, Action<string?> OnTrouble)
{
    public static Patience None { get; } = new(TimeSpan.Zero, _ => { });
}

/// <summary>
/// Sends a request again when the connection broke, or when the server says when to come back. Every POST carries an
/// <c>Idempotency-Key</c>, so that a request whose answer was lost has its effect once.
/// </summary>
/// <remarks>
/// A server that was never reached is not waited for: its address is probably wrong. Bodies must be able to start
/// anew, as those of seekable streams are.
/// </remarks>
internal sealed class RetryHandler(HttpMessageHandler inner, Patience patience, TimeProvider time) : DelegatingHandler(inner)
{
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Even a command in a hurry waits so long for a server that says it is busy or still loading.</summary>
    private static readonly TimeSpan PatienceWhenBusy = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>For the headers of an answer to a GET; uploads take as long as they take.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(100);

    /// <summary>A body of this size is sent only when the server has seen the headers and wants it.</summary>
    private const int LargeBody = 1 << 20;

    private bool isThere;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post && !request.Headers.Contains(IdempotencyKey))
            request.Headers.Add(IdempotencyKey, Guid.NewGuid().ToString("N"));
        if (request.Content?.Headers.ContentLength is null or > LargeBody)
            request.Headers.ExpectContinue = request.Content is not null;

        for (var (began, attempt) = (time.GetTimestamp(), 1); ; attempt++)
        {
            var waited = time.GetElapsedTime(began);
            try
            {
                var response = await SendOnceAsync(request, cancellationToken);
                isThere = true;
                if (PauseAskedFor(response) is not { } asked || waited + asked > LongestWait)
                {
                    patience.OnTrouble(null);
                    return response;
                }

                patience.OnTrouble($"the server is busy (status {(int)response.StatusCode})");
                response.Dispose();
                await Task.Delay(asked, time, cancellationToken);
            }
            catch (Exception failure) when (IsWorthRepeating(failure) && waited < patience.ForServer)
            {
                patience.OnTrouble("the server does not answer");
                await Task.Delay(Pause * Math.Min(attempt, 5), time, cancellationToken);
            }
        }
    }

    /// <summary>A connection that broke had been one: the server is there.</summary>
    private bool IsWorthRepeating(Exception failure)
    {
        isThere |= failure is HttpRequestException
        {
            HttpRequestError: not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError),
        };
        return isThere && failure is (HttpRequestException or TimeoutException);
    }

    private TimeSpan LongestWait => patience.ForServer > PatienceWhenBusy ? patience.ForServer : PatienceWhenBusy;

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (request.Method != HttpMethod.Get)
            return await base.SendAsync(request, ct);

        using var timeout = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            return await base.SendAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {AnswerTimeout.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>
    /// Null unless the server asks to come back: busy, loading, too many requests, or (409) the same idempotency key
    /// is being handled.
    /// </summary>
    private static TimeSpan? PauseAskedFor(HttpResponseMessage response)
    {
        var isTemporary = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
            or HttpStatusCode.Conflict;
        if (!isTemporary || response.Headers.RetryAfter is not RetryConditionHeaderValue { Delta: { } asked })
            return null;

        return asked < LongestPause ? asked : LongestPause;
    }
}
