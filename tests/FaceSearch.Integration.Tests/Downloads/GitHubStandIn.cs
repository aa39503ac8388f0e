using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using FaceSearch.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Integration.Tests.Downloads;

/// <summary>
/// Serves the https addresses of <c>models.json</c> on this machine. A server process reaches it through
/// <c>HTTPS_PROXY</c> and trusts its certificate through <c>SSL_CERT_FILE</c>, so its own download code runs unchanged.
/// </summary>
internal sealed class GitHubStandIn : IAsyncDisposable
{
    private readonly WebApplication site;
    private readonly TcpListener proxy = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly string certificateFile;
    private readonly ConcurrentQueue<string> requests = new();
    private Task tunnels = Task.CompletedTask;

    private GitHubStandIn(WebApplication site, string certificateFile)
    {
        this.site = site;
        this.certificateFile = certificateFile;
    }

    /// <summary>Host and path of every request, in the order of arrival.</summary>
    public IReadOnlyCollection<string> Requests => requests;

    /// <summary>The environment variables for a server process to reach the stand-in.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["HTTPS_PROXY"] = $"http://{proxy.LocalEndpoint}",
        ["SSL_CERT_FILE"] = certificateFile,
    };

    /// <param name="folder">The folder for the certificate.</param>
    public static async Task<GitHubStandIn> StartAsync(string folder)
    {
        var files = FilesByAddress();
        using var certificate = MakeCertificate(files.Keys.Select(address => address.Split('/')[0]).Distinct());
        var certificateFile = Path.Combine(folder, "stand-in.pem");
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem());

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var identity = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(identity)));
        var site = builder.Build();
        var standIn = new GitHubStandIn(site, certificateFile);
        site.Run(context => standIn.AnswerAsync(context, files));
        await site.StartAsync();
        standIn.proxy.Start();
        standIn.tunnels = standIn.AcceptAsync(new Uri(site.Urls.Single()).Port);
        return standIn;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        proxy.Stop();
        await tunnels;
        await site.DisposeAsync();
        stop.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, Dictionary<string, string> files)
    {
        var address = context.Request.Host.Host + context.Request.Path;
        requests.Enqueue(address);
        if (files.TryGetValue(address, out var file))
            await Results.File(file, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>The model files beside the checkout, by the host and path they are published under.</summary>
    private static Dictionary<string, string> FilesByAddress()
    {
        using var catalogue = JsonDocument.Parse(File.ReadAllBytes(
            Path.Combine(SharedData.RepositoryRoot, "dlib-models", "models.json")));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var model in catalogue.RootElement.GetProperty("models").EnumerateArray())
        {
            Add(model);
            if (model.TryGetProperty("compressed", out var archive))
                Add(archive);
        }

        return files;

        void Add(JsonElement entry)
        {
            var path = Path.Combine(SharedData.Root, "models", entry.GetProperty("file").GetString()!);
            if (!File.Exists(path) || !entry.TryGetProperty("sources", out var sources))
                return;
            foreach (var source in sources.EnumerateArray().Where(source => source.ValueKind == JsonValueKind.String))
            {
                var address = new Uri(source.GetString()!);
                files[address.Host + address.AbsolutePath] = path;
            }
        }
    }

    private static X509Certificate2 MakeCertificate(IEnumerable<string> hosts)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=stand-in", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
    }

    private async Task AcceptAsync(int port)
    {
        var open = new List<Task>();
        try
        {
            while (true)
                open.Add(TunnelAsync(await proxy.AcceptTcpClientAsync(stop.Token), port));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    /// <summary>Answers CONNECT (RFC 9110, 9.3.6) with a tunnel to the site, for any host.</summary>
    private async Task TunnelAsync(TcpClient client, int port)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                var downstream = client.GetStream();
                await ReadHeadAsync(downstream);
                await server.ConnectAsync(IPAddress.Loopback, port, stop.Token);
                await downstream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop.Token);
                var upstream = server.GetStream();
                await Task.WhenAny(downstream.CopyToAsync(upstream, stop.Token), upstream.CopyToAsync(downstream, stop.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // The client or the site has closed its end.
            }
        }
    }

    private async Task ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, stop.Token);
            head.Append((char)one[0]);
        }
    }
}
