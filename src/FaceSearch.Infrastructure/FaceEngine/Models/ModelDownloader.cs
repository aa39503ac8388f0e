using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>Fetches one file over HTTP, never more of it than it may have.</summary>
internal sealed partial class ModelDownloader(
    IHttpClientFactory clients, IOptions<ModelsOptions> options, ILogger<ModelDownloader> log)
{
    public const string HttpClientName = "models";

    /// <summary>The cap for a file of unknown size.</summary>
    private const long MaxBytes = 512L << 20;

    /// <exception cref="HttpRequestException">The server refused or the connection broke.</exception>
    /// <exception cref="InvalidDataException">It sent more than the file has.</exception>
    /// <exception cref="TimeoutException">It took longer than configured.</exception>
    public async Task DownloadAsync(Uri source, ModelFile file, string target, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(options.Value.DownloadTimeout);
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var response = await client.GetAsync(source, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(timeout.Token);
            await using var output = File.Create(target);
            await CopyAsync(body, output, file, response.Content.Headers.ContentLength, timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"took longer than {options.Value.DownloadTimeout}");
        }
    }

    private async Task CopyAsync(Stream body, Stream output, ModelFile file, long? announced, CancellationToken ct)
    {
        var cap = file.Bytes ?? MaxBytes;
        var total = file.Bytes ?? announced;
        var buffer = new byte[81920];
        long done = 0;
        var reported = -1L;
        int read;
        while ((read = await body.ReadAsync(buffer, ct)) > 0)
        {
            done += read;
            if (done > cap)
                throw new InvalidDataException($"sends more than {cap} bytes");

            await output.WriteAsync(buffer.AsMemory(0, read), ct);
            var tenth = total > 0 ? done * 10 / total.Value : done >> 20;
            if (tenth > reported)
                LogProgress(file.File, done, total);
            reported = Math.Max(reported, tenth);
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Downloading {File}: {Done} of {Total} bytes")]
    private partial void LogProgress(string file, long done, long? total);
}
