using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.VectorIndex;

/// <summary>A server that stops, and one that starts from its snapshot.</summary>
internal sealed class SnapshotTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private string SnapshotFile => Directory.GetFiles(SnapshotFolder).Single();

    private string SnapshotFolder => Path.Combine(Database.Folder, "data", "index");

    [Test]
    public async Task Start_FromASnapshot_FindsEverythingWithoutTheDatabase()
    {
        await EnrolAndStopAsync(1f, 2f, 3f);
        await MoveEmbeddingsAsync(9f, exceptTheNewest: true);

        var late = Database.NewServer();
        using var client = late.CreateClient();

        // Of the embeddings only the newest is compared. The others are different now, so the matches come from the file.
        Assert.That(FacesAt(late, 1f, 2f, 3f), Is.EqualTo(new[] { 1, 1, 1 }));
        Assert.That(FacesAt(late, 9f), Is.EqualTo(new[] { 0 }));
    }

    /// <summary>As after a backup was restored and another person was enrolled: the same ids, the same count.</summary>
    [Test, Category("Fault-C1")]
    public async Task Start_OtherFaceWithTheSameId_ReadsTheDatabase()
    {
        await EnrolAndStopAsync(1f, 2f, 3f);
        await MoveEmbeddingsAsync(9f, onlyTheNewest: true);

        var late = Database.NewServer();
        using var client = late.CreateClient();

        Assert.That(FacesAt(late, 1f, 2f, 3f, 9f), Is.EqualTo(new[] { 1, 1, 0, 1 }));
    }

    [Test, Category("Fault-C14")]
    public async Task Start_IncompleteFileOfAKilledProcess_DeletesIt()
    {
        await EnrolAndStopAsync(1f);
        var unfinished = SnapshotFile + ".0123456789abcdef.tmp";
        File.Copy(SnapshotFile, unfinished);

        using var client = Database.NewServer().CreateClient();

        Assert.That(File.Exists(unfinished), Is.False);
    }

    [Test]
    public async Task Start_DamagedSnapshot_ReadsTheDatabaseAndWritesItAgain()
    {
        await EnrolAndStopAsync(1f, 2f);
        await MoveEmbeddingsAsync(9f);
        var sound = await File.ReadAllBytesAsync(SnapshotFile);
        var damaged = sound.ToArray();
        damaged[^70] ^= 1;
        await File.WriteAllBytesAsync(SnapshotFile, damaged);

        var late = Database.NewServer();
        using (var client = late.CreateClient())
            Assert.That(FacesAt(late, 1f, 9f), Is.EqualTo(new[] { 0, 2 }));

        await late.DisposeAsync();
        Assert.That(await File.ReadAllBytesAsync(SnapshotFile), Is.Not.EqualTo(damaged).And.Not.EqualTo(sound));
    }

    [Test]
    public async Task Start_OlderSnapshot_CatchesUpWithWhatWasAddedAndRemoved()
    {
        await EnrolAndStopAsync(1f, 2f, 3f);
        var old = await File.ReadAllBytesAsync(SnapshotFile);
        var other = Database.NewServer();
        using (var client = other.CreateClient())
        {
            await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(4f));
            await RemoveFirstPictureAsync(other);
        }

        await other.DisposeAsync();
        await File.WriteAllBytesAsync(SnapshotFile, old);

        var late = Database.NewServer();
        using var lateClient = late.CreateClient();

        Assert.That(FacesAt(late, 1f, 2f, 3f, 4f), Is.EqualTo(new[] { 0, 1, 1, 1 }));
    }

    [Test]
    public async Task Start_RowsDeletedWithoutATombstone_ReadsTheDatabase()
    {
        await EnrolAndStopAsync(1f, 2f, 3f);
        await WithAsync(db => db.Faces.OrderBy(face => face.Id).Take(1).ExecuteDeleteAsync(), Database.NewServer());

        var late = Database.NewServer();
        using var client = late.CreateClient();

        Assert.That(FacesAt(late, 1f, 2f, 3f), Is.EqualTo(new[] { 0, 1, 1 }));
    }

    [Test]
    public async Task Remove_FaceOfASnapshot_DeletesItFromTheDisk()
    {
        await EnrolAndStopAsync(1f, 2f);
        var late = Database.NewServer();
        using var client = late.CreateClient();
        var bytes = EmbeddingBytes(1f);
        Assert.That(await HoldsAsync(bytes), Is.True);

        await RemoveFirstPictureAsync(late);

        Assert.That(await EventuallyAsync(async () => !await HoldsAsync(bytes)), Is.True);
        await late.DisposeAsync();
        Assert.That(await HoldsAsync(bytes), Is.False);
        Assert.That(await HoldsAsync(EmbeddingBytes(2f)), Is.True);
    }

    [Test]
    public async Task Start_CollectionRemoved_DeletesItsFile()
    {
        await EnrolAndStopAsync(1f);
        var orphan = Path.Combine(SnapshotFolder, "77.faces");
        File.Copy(SnapshotFile, orphan);

        using var client = Database.NewServer().CreateClient();

        Assert.That(File.Exists(orphan), Is.False);
    }

    private async Task EnrolAndStopAsync(params float[] faces)
    {
        using (var client = Server.CreateClient())
        {
            foreach (var face in faces)
                await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(face));
        }

        await Server.DisposeAsync();
    }

    private static int[] FacesAt(TestServer server, params float[] places)
    {
        var gallery = server.Services.GetRequiredService<IFaceGallery>();
        return Array.ConvertAll(
            places, place => gallery.SearchAsync(1, [StandInEncoders.EmbeddingOf(place)], 100, 0.1f).Result[0].Count);
    }

    /// <summary>Changes the database without a tombstone, so that no index reads the change.</summary>
    private async Task MoveEmbeddingsAsync(float place, bool exceptTheNewest = false, bool onlyTheNewest = false)
    {
        var server = Database.NewServer();
        server.CreateClient().Dispose(); // Its index is loaded, so it does not compare the changed rows with the snapshot.
        var embedding = StandInEncoders.EmbeddingOf(place);
        await WithAsync(
            async db =>
            {
                var newest = await db.Faces.MaxAsync(face => face.Id);
                return await db.FaceEmbeddings
                    .Where(of => of.FaceId == newest ? !exceptTheNewest : !onlyTheNewest)
                    .ExecuteUpdateAsync(set => set.SetProperty(of => of.Embedding, embedding));
            },
            server);
        await server.DisposeAsync();
    }

    private Task<int> RemoveFirstPictureAsync(TestServer server) => WithAsync(
        async db =>
        {
            db.Images.Remove(await db.Images.OrderBy(image => image.Id).FirstAsync());
            return await db.SaveChangesAsync(CancellationToken.None);
        },
        server);

    private static byte[] EmbeddingBytes(float face) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(StandInEncoders.EmbeddingOf(face).Values).ToArray();

    private async Task<bool> HoldsAsync(byte[] embedding)
    {
        foreach (var path in Directory.GetFiles(SnapshotFolder))
        {
            try
            {
                if ((await File.ReadAllBytesAsync(path)).AsSpan().IndexOf(embedding) >= 0)
                    return true;
            }
            catch (FileNotFoundException)
            {
                // Deleted in the meantime.
            }
            catch (IOException)
            {
                // Being written, so its content is undefined.
                return true;
            }
        }

        return false;
    }
}
