using FaceSearch.Api.Tests.Support;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.MySqlServers;

namespace FaceSearch.Integration.Tests;

/// <summary>
/// Finds a MySQL for the whole run: a connection string in FACESEARCH_TEST_MYSQL, a container, a local mysqld, or on
/// Debian a fetched one. Without a server the MySQL tests are skipped; in CI (CI=true) they fail.
/// </summary>
[SetUpFixture]
internal sealed class Databases
{
    private static MySqlServer? mySql;

    /// <summary>Skips the test without MySQL.</summary>
    public static MySqlServer MySql
    {
        get
        {
            if (mySql is null)
            {
                const string Missing = "No MySQL: set FACESEARCH_TEST_MYSQL, start Docker, put mysqld on the PATH, or run tests/services/mysql.sh fetch.";
                if (Environment.GetEnvironmentVariable("CI") == "true")
                    Assert.Fail(Missing);
                Assert.Ignore(Missing);
            }

            return mySql;
        }
    }

    [OneTimeSetUp]
    public async Task FindAsync()
    {
        mySql = Environment.GetEnvironmentVariable("FACESEARCH_TEST_MYSQL") is { Length: > 0 } given
            ? new GivenMySql(given)
            : await ContainerMySql.TryStartAsync() ?? await LocalMySql.TryStartAsync();
        await TestContext.Progress.WriteLineAsync($"MySQL: {mySql?.Name ?? "none"}");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (mySql is not null)
            await mySql.DisposeAsync();
    }
}

/// <summary>One empty database, of either kind, for one test; servers are started on it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly DatabaseProvider provider;
    private readonly string name = $"fs_{Guid.NewGuid():N}";
    private readonly string folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
    private readonly List<TestServer> servers = [];
    private readonly Lazy<TestServer> server;

    public TestDatabase(DatabaseProvider provider)
    {
        this.provider = provider;
        server = new Lazy<TestServer>(() => NewServer());
        if (provider == DatabaseProvider.MySql)
            _ = Databases.MySql;
    }

    /// <summary>The database settings of every process on it.</summary>
    public Dictionary<string, string> Settings => provider == DatabaseProvider.Sqlite
        ? new() { ["Database:Provider"] = "Sqlite" }
        : new() { ["Database:Provider"] = "MySql", ["Database:MySql"] = MySqlConnectionString };

    public string MySqlConnectionString => Databases.MySql.ConnectionStringOf(name);

    /// <summary>The folder of the SQLite file and of the uploads, which all processes on the database share.</summary>
    public string Folder => folder;

    /// <summary>The first server.</summary>
    public TestServer Server => server.Value;

    /// <summary>Another server with its own index, worker and engine; it starts at its first use.</summary>
    /// <param name="waitsForIndex">False when the database is unreachable, so that the index can't load.</param>
    public TestServer NewServer(bool waitsForIndex = true)
    {
        var server = new TestServer(folder: folder) { WaitsForIndex = waitsForIndex };
        foreach (var (key, value) in Settings)
            server.Settings[key] = value;

        servers.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();

        // Each database has its own pool, and a server accepts 151 connections.
        await MySqlConnector.MySqlConnection.ClearAllPoolsAsync();
        if (provider == DatabaseProvider.MySql)
            await Databases.MySql.ExecuteAsync($"DROP DATABASE IF EXISTS {name}");

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
