using FaceSearch.Application.Abstractions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceSearch.Infrastructure.VectorIndex;

internal sealed class GalleryHealthCheck(IFaceGallery gallery) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(gallery.IsReady
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The index is still loading."));
}
