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

    private static async Task<bool> IsIndexedAsync(TestServer server, float face)
    {
        var gallery = (Application.Abstractions.IFaceGallery)server.Services.GetService(typeof(Application.Abstractions.IFaceGallery))!;
        return (await gallery.SearchAsync(1, [StandInEncoders.EmbeddingOf(face)], 1, 0.1f))[0].Count == 1;
    }
}
