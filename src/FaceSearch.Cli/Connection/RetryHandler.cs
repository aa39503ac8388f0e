using System.Net;
using System.Net.Http.Headers;

namespace FaceSearch.Cli.Connection;

/// <summary>How long a command retries while the server is unreachable.</summary>
/// <param name="OnTrouble">
/// Called with a message when the server does not answer, and with null when it answers again.
/// </param>
internal sealed record RetryTimeout(TimeSpan ForServer, Action<string?> OnTrouble)
{
    public static RetryTimeout None { get; } = new(TimeSpan.Zero, _ => { });
}

/// <summary>
/// Retries a request when the connection broke, or when the server sent <c>Retry-After</c>. Every POST has an
/// <c>Idempotency-Key</c>, so a request whose answer was lost takes effect once.
/// </summary>
/// <remarks>
/// A server that was never reached is not retried: its address is probably wrong. Bodies must be repeatable, as those
/// of seekable streams are.
/// </remarks>
internal sealed class RetryHandler(HttpMessageHandler inner, RetryTimeout patience, TimeProvider time) : DelegatingHandler(inner)
{
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>The shortest retry timeout for a server that answers that it is busy or loading.</summary>
    private static readonly TimeSpan PatienceWhenBusy = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>The timeout for the response headers of a GET; uploads have none.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(100);

    /// <summary>
    /// Bodies from this size are sent with Expect: 100-continue, so the server can refuse them by their headers.
    /// </summary>
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

    /// <summary>A broken connection proves the server was reachable.</summary>
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
    /// Null unless the server asks for a retry: busy, loading, too many requests, or (409) the idempotency key is in
    /// use.
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
