using System.Globalization;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.VectorIndex;

/// <summary>Two servers with separate indexes on one database.</summary>
internal sealed class CatchUpTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [Test]
    public async Task Add_AtOneServer_IsFoundByTheOther()
    {
        using var one = Server.CreateClient();
        using var other = Database.NewServer().CreateClient();
        Assert.That(await CountMatchesAsync(other, 1f), Is.Zero);

        await one.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));

        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(other, 1f) == 1), Is.True);
    }

    [Test]
    public async Task Remove_AtOneServer_IsGoneFromTheIndexOfTheOther()
    {
        using var one = Server.CreateClient();
        var otherServer = Database.NewServer();
        using var other = otherServer.CreateClient();
        await one.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));
        Assert.That(await EventuallyAsync(() => IsIndexedAsync(otherServer, 1f)), Is.True);

        await WithAsync(async db =>
        {
            db.Images.Remove(await db.Images.SingleAsync());
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        Assert.That(await EventuallyAsync(async () => !await IsIndexedAsync(otherServer, 1f)), Is.True);
        Assert.That(await CountMatchesAsync(other, 1f), Is.Zero);
    }

    [Test]
    public async Task Remove_BeforeAServerStarts_StaysGone()
    {
        using var one = Server.CreateClient();
        await one.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));
        await one.PostPictureAsync("/add_face/", StandInEncoders.Picture(2f));
        await WithAsync(async db =>
        {
            db.Images.Remove(await db.Images.OrderBy(image => image.Id).FirstAsync());
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        using var late = Database.NewServer().CreateClient();

        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(late, 2f) == 1), Is.True);
        Assert.That(await CountMatchesAsync(late, 1f), Is.Zero);
    }

    /// <summary>The later id is committed and read while the transaction of the earlier one is open.</summary>
    [Test]
    public async Task Add_CommitsOutOfOrder_NoneIsMissed()
    {
        if (Provider == DatabaseProvider.Sqlite)
            Assert.Ignore("SQLite has one writer at a time: ids commit in their order.");

        using var one = Server.CreateClient();
        await one.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));
        await using var slow = await OpenAsync();
        await using var transaction = await slow.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted);
        await CopyFaceAsync(slow, transaction);
        await one.PostPictureAsync("/add_face/", StandInEncoders.Picture(2f));
        using var other = Database.NewServer().CreateClient();
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(other, 2f) == 1), Is.True);
        Assert.That(await CountMatchesAsync(other, 1f), Is.EqualTo(1));

        await transaction.CommitAsync();

        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(other, 1f) == 2), Is.True);
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(one, 1f) == 2), Is.True);
    }

    private static async Task<bool> IsIndexedAsync(TestServer server, float face)
    {
        var gallery = (Application.Abstractions.IFaceGallery)server.Services.GetService(typeof(Application.Abstractions.IFaceGallery))!;
        return (await gallery.SearchAsync(1, [StandInEncoders.EmbeddingOf(face)], 1, 0.1f))[0].Count == 1;
    }

    private async Task<MySqlConnector.MySqlConnection> OpenAsync()
    {
        var connection = new MySqlConnector.MySqlConnection(Database.MySqlConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task CopyFaceAsync(MySqlConnector.MySqlConnection connection, MySqlConnector.MySqlTransaction transaction)
    {
        const string Sql = """
            INSERT INTO faces (CollectionId, ImageId, PersonId, Score, Embedding, Model, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight)
            SELECT CollectionId, ImageId, PersonId, Score, Embedding, Model, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight FROM faces
            """;
        await using var command = new MySqlConnector.MySqlCommand(Sql, connection, transaction);
        var rows = await command.ExecuteNonQueryAsync();
        Assert.That(rows, Is.EqualTo(1), rows.ToString(CultureInfo.InvariantCulture));
    }
}
