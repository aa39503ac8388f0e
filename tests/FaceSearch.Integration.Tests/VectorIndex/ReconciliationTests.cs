using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.VectorIndex;

/// <summary>Changes of the database that the change feed can't see while a server runs.</summary>
[Category("Fault-C3")]
internal sealed class ReconciliationTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [Test]
    public async Task RowDeleted_WithoutATombstone_LeavesTheIndex()
    {
        var server = await StartAsync(1f, 2f);

        await WithAsync(db => db.Faces.OrderBy(face => face.Id).Take(1).ExecuteDeleteAsync(), server);

        Assert.That(await EventuallyAsync(async () => await IdsAsync(server, 1f) is []), Is.True);
        Assert.That(await IdsAsync(server, 2f), Has.Length.EqualTo(1));
    }

    /// <summary>An id below all that the server has ever seen, as of a transaction that was open for very long.</summary>
    [Test]
    public async Task Row_WithAnIdFarBelowTheLast_EntersTheIndex()
    {
        var server = await StartAsync(1f);
        await MoveAsync(server, from: 1, to: 100_000);
        Assert.That(await EventuallyAsync(async () => await IdsAsync(server, 1f) is [100_000]), Is.True);
        await server.DisposeAsync();
        server = NewServer();
        server.CreateClient().Dispose();
        Assert.That(await IdsAsync(server, 1f), Is.EqualTo(new[] { 100_000L }));

        await MoveAsync(server, from: 100_000, to: 5);

        Assert.That(await EventuallyAsync(async () => await IdsAsync(server, 1f) is [5]), Is.True);
    }

    /// <summary>As after a backup was restored under a running server, and another face was enrolled.</summary>
    [Test, Category("Fault-C1")]
    public async Task Row_OfTheSameIdWithAnotherEmbedding_IsReadAgain()
    {
        var server = await StartAsync(1f, 2f);
        var other = StandInEncoders.EmbeddingOf(9f);

        await WithAsync(
            db => db.FaceEmbeddings.ExecuteUpdateAsync(set => set.SetProperty(of => of.Embedding, other)), server);

        Assert.That(await EventuallyAsync(async () => (await IdsAsync(server, 9f)).Length == 2), Is.True);
        Assert.That(await IdsAsync(server, 1f), Is.Empty);
    }

    private async Task<TestServer> StartAsync(params float[] faces)
    {
        var server = NewServer();
        using var client = server.CreateClient();
        foreach (var face in faces)
            await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(face));
        return server;
    }

    private TestServer NewServer()
    {
        var server = Database.NewServer();
        server.Settings["Index:CompareMinutes"] = "0.001";
        return server;
    }

    private Task<int> MoveAsync(TestServer server, long from, long to) => WithAsync(
        db => ((DbContext)db).Database.ExecuteSqlAsync($"""
            INSERT INTO faces (Id, CollectionId, ImageId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight, Version)
            SELECT {to}, CollectionId, ImageId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight, Version FROM faces WHERE Id = {from};
            UPDATE face_embeddings SET FaceId = {to} WHERE FaceId = {from};
            DELETE FROM faces WHERE Id = {from}
            """),
        server);

    private static async Task<long[]> IdsAsync(TestServer server, float face)
    {
        var gallery = server.Services.GetRequiredService<IFaceGallery>();
        return [.. (await gallery.SearchAsync(1, [StandInEncoders.EmbeddingOf(face)], 10, 0.1f))[0].Select(match => match.FaceId)];
    }
}
