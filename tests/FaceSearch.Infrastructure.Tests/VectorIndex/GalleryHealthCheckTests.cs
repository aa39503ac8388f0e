using FaceSearch.Infrastructure.VectorIndex;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceSearch.Infrastructure.Tests.VectorIndex;

[TestFixture]
internal sealed class GalleryHealthCheckTests
{
    [Test]
    public async Task Check_WhileTheIndexLoads_SaysHowFarItIs()
    {
        var (gallery, progress) = (new InMemoryFaceGallery(), new LoadProgress());
        var check = new GalleryHealthCheck(gallery, progress);
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
}
