using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Api.Tests.Hosting;

/// <summary>The database is unavailable when the server starts, because another program has its write lock.</summary>
internal sealed class LateDatabaseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private string folder;
    private SqliteConnection holder;

    [SetUp]
    public async Task MakeAndLockDatabaseAsync()
    {
        folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        await using var first = new TestServer(folder: folder);
        (await first.CreateClient().GetAsync("/health/ready")).EnsureSuccessStatusCode();
        holder = new SqliteConnection($"Data Source={first.DatabaseFile};Pooling=False");
        await holder.OpenAsync();
        await RunAsync("BEGIN IMMEDIATE");
    }

    [TearDown]
    public async Task DeleteFolderAsync()
    {
        await holder.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Start_LateDatabase_CallsAre503UntilThen()
    {
        await using var server = NewServer();
        using var client = server.CreateClient();

        var refused = await client.PostPictureAsync("/v1/detect", StandInEncoders.Picture(1f));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        Assert.That(await refused.ReadProblemAsync(), Is.EqualTo("storage-unavailable"));
        Assert.That((await client.GetAsync("/openapi/v1.json")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        await RunAsync("ROLLBACK");
        await UntilAsync(async () => (await client.PostPictureAsync("/v1/detect", StandInEncoders.Picture(1f))).IsSuccessStatusCode);
    }

    // The database names the model, so the server finds the missing files only when the database is available.
    [Test]
    public async Task Start_LateDatabaseWithMissingModel_StopsTheServer()
    {
        await using var server = NewServer(realEngine: true);
        using var client = server.CreateClient();
        var preparation = server.Services.GetRequiredService<FaceSearch.Api.Hosting.ServerPreparation>();
        var stopping = server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        Assert.That((await (await client.GetAsync("/health/ready")).ReadJsonAsync()).Text("status"), Is.EqualTo("unhealthy"));

        await RunAsync("ROLLBACK");
        await UntilAsync(() => Task.FromResult(stopping.IsCancellationRequested));

        Assert.That(preparation.ThrowIfFailed, Throws.InstanceOf<FaceSearch.Infrastructure.Startup.StartException>()
            .With.Message.StartsWith($"The database was made with the model {StandInEncoders.ModelName}"));
    }

    private TestServer NewServer(bool realEngine = false) => new(folder: folder, realEngine: realEngine)
    {
        Settings = { ["Database:TimeoutSeconds"] = "1" },
        WaitsForIndex = false,
    };

    private async Task RunAsync(string statement)
    {
        await using var command = holder.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var deadline = DateTime.UtcNow + Patience; !await holds(); await Task.Delay(50))
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline));
    }
}
