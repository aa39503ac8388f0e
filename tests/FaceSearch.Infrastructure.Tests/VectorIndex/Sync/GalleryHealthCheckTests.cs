using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Sync;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Sync;

[TestFixture]
internal sealed class GalleryHealthCheckTests
{
    private readonly FakeTimeProvider time = new();
    private InMemoryFaceGallery gallery;
    private LoadProgress progress;
    private SetAsideFaces setAside;
    private GalleryHealthCheck check;

    [SetUp]
    public void Open()
    {
        gallery = new InMemoryFaceGallery();
        progress = new LoadProgress(time);
        setAside = new SetAsideFaces(NullLogger<SetAsideFaces>.Instance);
        check = new GalleryHealthCheck(gallery, progress, setAside);
    }

    [Test]
    public async Task Check_WhileTheIndexLoads_SaysHowFarItIs()
    {
        progress.Start(10);
        progress.Add(3);
        progress.Add(1);

        var loading = await check.CheckHealthAsync(new HealthCheckContext());
        gallery.MarkReady();
        var ready = await check.CheckHealthAsync(new HealthCheckContext());

        Assert.That(loading.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(loading.Description, Does.Contain("4 of 10 faces"));
        Assert.That(loading.Data, Is.EqualTo(new Dictionary<string, object> { ["loaded"] = 4L, ["total"] = 10L }));
        Assert.That(ready.Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test, Category("Fault-A3")]
    public async Task Check_IndexBehindTheDatabase_IsUnhealthyUntilItCatchesUp()
    {
        gallery.MarkReady();
        progress.ReportFollowed();
        time.Advance(GalleryHealthCheck.Patience / 2);
        var soon = await check.CheckHealthAsync(new HealthCheckContext());
        time.Advance(GalleryHealthCheck.Patience / 2);
        var late = await check.CheckHealthAsync(new HealthCheckContext());
        progress.ReportFollowed();
        var again = await check.CheckHealthAsync(new HealthCheckContext());

        Assert.That(soon.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(late.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(late.Description, Does.Contain("not followed the database for 10 s"));
        Assert.That(again.Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test, Category("Fault-A3")]
    public async Task Check_DamagedFaces_SaysHowMany_UntilRepairedOrRemoved()
    {
        gallery.MarkReady();
        Assert.That(setAside.IsSearchable(1, new GalleryFace(5, Embedding.Unreadable)), Is.False);
        Assert.That(setAside.IsSearchable(1, new GalleryFace(6, new Embedding(new float[64]))), Is.False);
        Assert.That(setAside.IsSearchable(1, new GalleryFace(6, new Embedding(new float[64]))), Is.False);
        Assert.That(setAside.IsSearchable(2, new GalleryFace(7, new Embedding(new float[256]))), Is.False);
        Assert.That(setAside.IsSearchable(2, Whole(8)), Is.True);
        var three = await check.CheckHealthAsync(new HealthCheckContext());
        setAside.Forget([5]);
        Assert.That(setAside.IsSearchable(1, Whole(6)), Is.True, "it was re-embedded");
        setAside.ForgetCollection(2);
        var none = await check.CheckHealthAsync(new HealthCheckContext());

        Assert.That(three.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(three.Description, Does.Contain("3").And.Contain("damaged"));
        Assert.That(none.Status, Is.EqualTo(HealthStatus.Healthy));
    }

    private static GalleryFace Whole(long id) => new(id, new Embedding(new float[Embedding.StandardLength]));
}
