using MySqlConnector;

namespace FaceSearch.Integration.Tests.MySqlServers;

/// <summary>A real MySQL server for the tests. The connection string has no database, because every test creates its own.</summary>
internal abstract class MySqlServer(string name) : IAsyncDisposable
{
    /// <summary>The origin of the server, for the test output.</summary>
    public string Name => name;

    public abstract string ConnectionString { get; }

    /// <summary>False for a server that the tests did not start.</summary>
    public virtual bool MayBeStopped => true;

    public abstract Task StopAsync();

    /// <summary>Starts it again at the same address, with its data.</summary>
    public abstract Task StartAsync();

    public abstract ValueTask DisposeAsync();

    public string ConnectionStringOf(string database) =>
        new MySqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    protected async Task WaitUntilItAnswersAsync()
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(120); ;)
        {
            try
            {
                await using var connection = new MySqlConnection(ConnectionString + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (MySqlException) when (DateTime.UtcNow < deadline)
            {
                await Task.Delay(100);
            }
        }
    }
}

/// <summary>A server whose connection string the user has configured.</summary>
internal sealed class GivenMySql(string connectionString) : MySqlServer("FACESEARCH_TEST_MYSQL")
{
    public override string ConnectionString => connectionString;

    public override bool MayBeStopped => false;

    public override Task StopAsync() => throw new NotSupportedException("The server is not ours.");

    public override Task StartAsync() => throw new NotSupportedException("The server is not ours.");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
