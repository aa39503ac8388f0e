using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.Mapping;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace FaceSearch.Integration.Tests.Persistence;

/// <summary>Outages of the database are retried and answered as such; its other errors are bugs.</summary>
[Category("Fault-C12")]
internal sealed class AvailabilityTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [Test]
    public async Task MissingTable_IsAnInternalError()
    {
        using var client = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        await UseAsync(db => db.Database.ExecuteSqlRawAsync("DROP TABLE calibrations"));

        using var answer = await client.PostAsync("/v1/collections/default/calibration", null);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(await answer.ReadProblemAsync(), Is.EqualTo("internal-error"));
        Assert.That(answer.Headers.RetryAfter, Is.Null);
    }

    [TestCase("SELECT * FROM nowhere")]
    [TestCase("SELECT FROM")]
    [TestCase("INSERT INTO collections (Id, Name) VALUES (1, 'default')")]
    public async Task FailingStatement_IsNoOutage(string sql)
    {
        using var client = Server.CreateClient();
        await UseAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = sql;

            var failure = await FailureOfAsync(() => command.ExecuteScalarAsync());

            Assert.That(failure, Is.Not.Null);
            Assert.That(db.IsUnavailable(failure!), Is.False, failure!.ToString());
            return 0;
        });
    }

    [Test]
    public async Task Outage_IsTransient()
    {
        using var client = Server.CreateClient();
        await UseAsync(async db =>
        {
            Exception?[] outages = Provider == DatabaseProvider.Sqlite
                ? [.. new[] { 5, 6, 10, 13 }.Select(code => new SqliteException("failed", code))]
                : [await BreakConnectionAsync()];

            Assert.That(outages.Select(failure => failure is not null && db.IsUnavailable(failure)), Is.All.True);
            return 0;
        });
    }

    /// <summary>MySQL's missing parameter has neither a code of the server nor the exception of a socket.</summary>
    [Test]
    public async Task ErrorOfTheCaller_IsNoOutage()
    {
        using var client = Server.CreateClient();
        await UseAsync(async db =>
        {
            Exception?[] errors = Provider == DatabaseProvider.Sqlite
                ? [.. new[] { 1, 8, 11, 19, 20, 21, 26 }.Select(code => new SqliteException("failed", code))]
                : [await LeaveOutParameterAsync()];

            Assert.That(errors.Select(failure => failure is not null && !db.IsUnavailable(failure)), Is.All.True);
            return 0;
        });
    }

    [Test]
    public async Task ExceptionOfTheServerItself_IsNoOutage() => await UseAsync(db =>
    {
        Exception[] bugs = [new InvalidOperationException(), new DbUpdateException(), new TimeoutException(), new IOException()];
        Assert.That(bugs.Select(db.IsUnavailable), Is.All.False);
        return Task.FromResult(0);
    });

    private async Task<Exception?> BreakConnectionAsync()
    {
        await using var connection = new MySqlConnection(Database.MySqlConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await Databases.MySql.ExecuteAsync($"KILL {connection.ServerThread}");
        await using var command = new MySqlCommand("SELECT 1", connection);
        return await FailureOfAsync(() => command.ExecuteScalarAsync());
    }

    private async Task<Exception?> LeaveOutParameterAsync()
    {
        await using var connection = new MySqlConnection(Database.MySqlConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand("SELECT @missing", connection);
        return await FailureOfAsync(() => command.ExecuteScalarAsync());
    }

    private async Task<T> UseAsync<T>(Func<FaceSearchDbContext, Task<T>> use)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<FaceSearchDbContext>());
    }

    private static async Task<Exception?> FailureOfAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception exception) when (exception is not AssertionException)
        {
            return exception;
        }
    }
}
