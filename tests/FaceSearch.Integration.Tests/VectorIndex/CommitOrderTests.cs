using System.Data;
using System.Globalization;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using MySqlConnector;

namespace FaceSearch.Integration.Tests.VectorIndex;

/// <summary>Ids that commit in another order than they were given. SQLite has one writer at a time, so they can't.</summary>
[TestFixture(DatabaseProvider.MySql)]
internal sealed class CommitOrderTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    /// <summary>The later id is committed and read while the transaction of the earlier one is open.</summary>
    [Test]
    public async Task Add_CommitsOutOfOrder_NoneIsMissed()
    {
        using var one = Server.CreateClient();
        await one.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));
        await using var slow = await OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync(IsolationLevel.ReadCommitted);
        await CopyFaceAsync(slow, transaction);
        await one.PostPictureAsync("/add_face/", StandInEncoders.Picture(2f));
        using var other = Database.NewServer().CreateClient();
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(other, 2f) == 1), Is.True);
        Assert.That(await CountMatchesAsync(other, 1f), Is.EqualTo(1));

        await transaction.CommitAsync();

        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(other, 1f) == 2), Is.True);
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(one, 1f) == 2), Is.True);
    }

    private async Task<MySqlConnection> OpenAsync()
    {
        var connection = new MySqlConnection(Database.MySqlConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task CopyFaceAsync(MySqlConnection connection, MySqlTransaction transaction)
    {
        const string Sql = """
            INSERT INTO faces (CollectionId, ImageId, PersonId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight)
            SELECT CollectionId, ImageId, PersonId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight FROM faces;
            INSERT INTO face_embeddings SELECT LAST_INSERT_ID(), Model, Embedding FROM face_embeddings
            """;
        await using var command = new MySqlCommand(Sql, connection, transaction);
        var rows = await command.ExecuteNonQueryAsync();
        Assert.That(rows, Is.EqualTo(2), rows.ToString(CultureInfo.InvariantCulture));
    }
}
