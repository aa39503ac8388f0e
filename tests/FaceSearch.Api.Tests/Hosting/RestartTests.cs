using FaceSearch.Api.Tests.Support;
using Microsoft.Data.Sqlite;

namespace FaceSearch.Api.Tests.Hosting;

internal sealed class RestartTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Start_AfterAProcessWasKilledWhileItMigrated_DoesNotWaitForItsLock()
    {
        var folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        try
        {
            await using (var first = new TestServer(folder: folder))
            {
                (await first.CreateClient().GetAsync("/health/ready")).EnsureSuccessStatusCode();
                LeaveLock(first.DatabaseFile);
            }

            await using var second = new TestServer(folder: folder);
            var answer = await Task.Run(() => second.CreateClient().GetAsync("/health/ready")).WaitAsync(Patience);

            Assert.That(answer.IsSuccessStatusCode, Is.True);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The lock row of EF Core during a migration.</summary>
    private static void LeaveLock(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO __EFMigrationsLock (Id, Timestamp) VALUES (1, datetime('now'))";
        Assert.That(command.ExecuteNonQuery(), Is.EqualTo(1));
    }
}
