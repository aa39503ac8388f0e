using System.Net;
using System.Net.Sockets;
using DotNet.Testcontainers.Builders;
using Testcontainers.MySql;

namespace FaceSearch.Integration.Tests.MySqlServers;

/// <summary>MySQL in a container, where a Docker engine answers. FACESEARCH_TEST_MYSQL_IMAGE names another image.</summary>
internal sealed class ContainerMySql : MySqlServer
{
    private const string DefaultImage = "mysql:8.4";

    private readonly MySqlContainer container;

    private ContainerMySql(MySqlContainer container)
        : base("Testcontainers, image " + Image)
    {
        this.container = container;
        ConnectionString = container.GetConnectionString()
            .Replace("Database=test;", string.Empty, StringComparison.OrdinalIgnoreCase);
    }

    private static string Image => Environment.GetEnvironmentVariable("FACESEARCH_TEST_MYSQL_IMAGE") ?? DefaultImage;

    /// <summary>Stored, because a stopped container does not report its ports.</summary>
    public override string ConnectionString { get; }

    /// <summary>Null without a Docker engine or the image; the reason goes to the test output.</summary>
    public static async Task<MySqlServer?> TryStartAsync()
    {
        try
        {
            // A fixed port, because a restarted container would get another one.
            var container = new MySqlBuilder(Image)
                .WithUsername("root")
                .WithPortBinding(FreePort(), MySqlBuilder.MySqlPort)
                .Build();
            await container.StartAsync();
            return new ContainerMySql(container);
        }
        catch (Exception exception) when (exception is DockerUnavailableException or InvalidOperationException
            or HttpRequestException or TimeoutException or Docker.DotNet.DockerApiException)
        {
            await TestContext.Progress.WriteLineAsync($"No MySQL in a container: {exception.Message.Split('\n')[0]}");
            return null;
        }
    }

    public override Task StopAsync() => container.StopAsync();

    public override async Task StartAsync()
    {
        await container.StartAsync();
        await WaitUntilItAnswersAsync();
    }

    public override ValueTask DisposeAsync() => container.DisposeAsync();

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
