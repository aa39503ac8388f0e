using System.Diagnostics;

namespace FaceSearch.Integration.Tests.MySqlServers;

/// <summary>
/// A mysqld of the PATH, or the one that <c>tests/services/mysql.sh fetch</c> unpacks, with its own folder and
/// port, on 127.0.0.1 only.
/// </summary>
internal sealed class LocalMySql : MySqlServer
{
    private readonly string program;
    private readonly string folder = Directory.CreateTempSubdirectory("facesearch-mysql-").FullName;
    private readonly int port = ContainerMySql.FreePort();
    private Process? process;

    private LocalMySql(string program)
        : base(program) => this.program = program;

    public override string ConnectionString => $"Server=127.0.0.1;Port={port};User ID=app;Password=app";

    /// <summary>Null when there is no mysqld and it can't be fetched.</summary>
    public static async Task<MySqlServer?> TryStartAsync()
    {
        if ((FindProgram() ?? await FetchedMySql.TryFetchAsync()) is not { } program)
            return null;

        var server = new LocalMySql(program);
        await server.InitializeAsync();
        await server.StartAsync();
        return server;
    }

    public override async Task StartAsync()
    {
        process = Start(
            "--bind-address=127.0.0.1", $"--port={port}", $"--socket={Path.Combine(folder, "s")}",
            $"--pid-file={Path.Combine(folder, "pid")}", "--mysqlx=OFF", "--skip-log-bin", "--skip-name-resolve",
            "--max-connections=1000", "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync", "--innodb-doublewrite=OFF");
        await WaitUntilItAnswersAsync();
    }

    public override async Task StopAsync()
    {
        await ExecuteAsync("SHUTDOWN");
        await process!.WaitForExitAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task InitializeAsync()
    {
        var script = Path.Combine(folder, "init.sql");
        await File.WriteAllTextAsync(
            script, "CREATE USER 'app'@'127.0.0.1' IDENTIFIED BY 'app'; GRANT ALL ON *.* TO 'app'@'127.0.0.1';\n");
        using var initializing = Start("--initialize-insecure", $"--init-file={script}");
        await initializing.WaitForExitAsync();
        Assert.That(initializing.ExitCode, Is.Zero, () => File.ReadAllText(Path.Combine(folder, "error.log")));
    }

    private Process Start(params string[] options) => Process.Start(new ProcessStartInfo(
        program,
        [
            "--no-defaults", $"--user={Environment.UserName}", $"--datadir={Path.Combine(folder, "data")}",
            "--secure-file-priv=NULL", "--innodb-redo-log-capacity=256M", $"--log-error={Path.Combine(folder, "error.log")}",
            .. options,
        ]))!;

    private static string? FindProgram()
    {
        return (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Append(FetchedMySql.Folder)
            .Select(folder => Path.Combine(folder, "mysqld"))
            .FirstOrDefault(File.Exists);
    }
}
