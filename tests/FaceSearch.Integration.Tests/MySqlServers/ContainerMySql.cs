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
        : base("Testcontainers, image " + Image) => this.container = container;

    private static string Image => Environment.GetEnvironmentVariable("FACESEARCH_TEST_MYSQL_IMAGE") ?? DefaultImage;

    public override string ConnectionString =>
        container.GetConnectionString().Replace("Database=test;", string.Empty, StringComparison.OrdinalIgnoreCase);

    /// <summary>Null where no Docker engine answers or the image can't be had; the reason goes to the test output.</summary>
    public static async Task<MySqlServer?> TryStartAsync()
    {
        try
        {
            // A fixed port: a container that is stopped and started again would get another one.
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
