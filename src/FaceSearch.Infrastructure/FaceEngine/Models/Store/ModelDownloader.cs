using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine.Models.Store;

/// <summary>
/// Downloads one file over HTTP, at most its expected size. A broken transfer is resumed. An unreachable host is not
/// tried again in this process. Thread-safe.
/// </summary>
internal sealed partial class ModelDownloader(
    IHttpClientFactory clients, IOptions<ModelsOptions> options, TimeProvider time, ILogger<ModelDownloader> log)
{
    public const string HttpClientName = "models";

    /// <summary>The limit for a file of unknown size.</summary>
    private const long MaxBytes = 512L << 20;

    private const int MaxAttempts = 20;

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, string> unreachable = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What connects to a server; no more than one connection attempt per host is waited for.</summary>
    public static SocketsHttpHandler CreateHandler(ModelsOptions options) => new() { ConnectTimeout = options.ConnectTimeout };

    /// <summary>
    /// Writes the file, or what is missing of it, into <paramref name="part"/>. Its content is not checked: a part that
    /// was begun elsewhere may not fit.
    /// </summary>
    /// <param name="part">
    /// Existing bytes are taken as the file's beginning. Received bytes stay when the transfer ends early.
    /// </param>
    /// <exception cref="HttpRequestException">The server can't be reached, refuses, or the connection breaks repeatedly.</exception>
    /// <exception cref="InvalidDataException">
    /// The server sends other content. If it sends too much, the part is deleted.
    /// </exception>
    /// <exception cref="TimeoutException">The server stalls, or the download takes longer than configured.</exception>
    /// <exception cref="IOException">The part can't be written.</exception>
    public async Task DownloadAsync(Uri source, ModelFile file, string part, CancellationToken ct)
    {
        if (unreachable.TryGetValue(source.Authority, out var reason))
            throw new HttpRequestException(reason);

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(options.Value.DownloadTimeout);
        try
        {
            await DownloadPartsAsync(new Transfer(source, file, part), timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException(timeout.IsCancellationRequested
                ? $"took longer than {options.Value.DownloadTimeout}"
                : $"sent nothing for {options.Value.StallTimeout.TotalSeconds:0.##} s");
        }
    }

    private async Task DownloadPartsAsync(Transfer transfer, CancellationToken ct)
    {
        if (transfer.Length > (transfer.File.Bytes ?? MaxBytes))
            File.Delete(transfer.Part);

        using var client = clients.CreateClient(HttpClientName);
        LogAsks(transfer.File.File, transfer.Source);
        for (var attempt = 1; transfer.Length == 0 || transfer.Length != transfer.File.Bytes; attempt++)
        {
            var before = transfer.Length;
            if (await DownloadRestAsync(client, transfer, ct))
                return;
            if (transfer.Length <= before || attempt == MaxAttempts)
                throw new HttpRequestException($"the connection broke after {transfer.Length} bytes");

            LogResumes(transfer.File.File, transfer.Length, transfer.Source);
        }
    }

    /// <returns>False when the connection broke on the way.</returns>
    private async Task<bool> DownloadRestAsync(HttpClient client, Transfer transfer, CancellationToken ct)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stall.CancelAfter(options.Value.StallTimeout);
        using var response = await SendAsync(client, transfer, stall.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && transfer.Length > 0)
        {
            File.Delete(transfer.Part);
            return await DownloadRestAsync(client, transfer, ct);
        }

        var start = StartOf(response, transfer);
        transfer.Tag = response.Headers.ETag is { IsWeak: false } tag ? tag : null;
        await using var body = await response.Content.ReadAsStreamAsync(stall.Token);
        await using var output = new FileStream(
            transfer.Part, start > 0 ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
        return await CopyAsync(body, output, start, transfer, stall);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, Transfer transfer, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, transfer.Source);
        if (transfer.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(transfer.Length, null);
            request.Headers.IfRange = transfer.Tag is { } tag ? new RangeConditionHeaderValue(tag) : null;
        }

        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            unreachable[transfer.Source.Authority] = e.Message;
            throw;
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested && e.InnerException is TimeoutException)
        {
            var reason = $"{transfer.Source.Authority} takes no connection within {options.Value.ConnectTimeout.TotalSeconds:0.##} s";
            unreachable[transfer.Source.Authority] = reason;
            throw new HttpRequestException(reason, e);
        }
    }

    /// <summary>The position of the response in the file: its start, or the end of the existing bytes.</summary>
    private static long StartOf(HttpResponseMessage response, Transfer transfer)
    {
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"answers {(int)response.StatusCode} {response.ReasonPhrase}");
        if (response.Content.Headers.ContentType?.MediaType is "text/html")
            throw new InvalidDataException("answers with a web page");

        var start = response.StatusCode == HttpStatusCode.PartialContent ? transfer.Length : 0;
        if (start > 0 && response.Content.Headers.ContentRange?.From != start)
            throw new InvalidDataException("answers with another range than was asked for");
        if (start + response.Content.Headers.ContentLength is { } total && transfer.File.Bytes is { } bytes && total != bytes)
            throw new InvalidDataException($"has {total} bytes instead of {bytes}");

        return start;
    }

    private async Task<bool> CopyAsync(
        Stream body, FileStream output, long done, Transfer transfer, CancellationTokenSource stall)
    {
        var cap = transfer.File.Bytes ?? MaxBytes;
        var buffer = new byte[81920];
        var reported = time.GetTimestamp() - time.TimestampFrequency;
        while (true)
        {
            stall.CancelAfter(options.Value.StallTimeout);
            int read;
            try
            {
                read = await body.ReadAsync(buffer, stall.Token);
            }
            catch (IOException)
            {
                return false;
            }

            done += read;
            if (done > cap)
            {
                File.Delete(transfer.Part);
                throw new InvalidDataException($"sends more than {cap} bytes");
            }

            if (read == 0)
                return transfer.File.Bytes is null || done == transfer.File.Bytes;

            await output.WriteAsync(buffer.AsMemory(0, read), stall.Token);
            if (time.GetElapsedTime(reported) < ProgressPeriod && done != cap)
                continue;

            LogProgress(transfer.File.File, Megabytes(done), transfer.File.Bytes is { } all ? Megabytes(all) : "?", transfer.Source);
            reported = time.GetTimestamp();
        }
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:F1}");

    /// <param name="Part">The file to write.</param>
    private sealed record Transfer(Uri Source, ModelFile File, string Part)
    {
        /// <summary>The server's strong ETag of the file; null when it sent none.</summary>
        public EntityTagHeaderValue? Tag { get; set; }

        public long Length => new FileInfo(Part) is { Exists: true } part ? part.Length : 0;
    }

    [LoggerMessage(1001, LogLevel.Information, "Model file {File}: {Done} of {Total} MB from {Source}")]
    private partial void LogProgress(string file, string done, string total, Uri source);

    [LoggerMessage(1011, LogLevel.Information, "Model file {File}: asking {Source}")]
    private partial void LogAsks(string file, Uri source);

    [LoggerMessage(1012, LogLevel.Warning, "Model file {File}: the connection broke after {Done} bytes, resuming from {Source}")]
    private partial void LogResumes(string file, long done, Uri source);
}
