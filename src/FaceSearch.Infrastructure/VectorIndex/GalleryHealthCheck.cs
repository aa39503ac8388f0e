using FaceSearch.Application.Abstractions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceSearch.Infrastructure.VectorIndex;

internal sealed class GalleryHealthCheck(IFaceGallery gallery, LoadProgress progress) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(gallery.IsReady ? HealthCheckResult.Healthy() : StillLoading(progress.Loaded, progress.Total));

    private static HealthCheckResult StillLoading(long loaded, long total) => HealthCheckResult.Unhealthy(
        FormattableString.Invariant($"The index is still loading: {loaded} of {total} faces."),
        data: new Dictionary<string, object> { ["loaded"] = loaded, ["total"] = total });
}
