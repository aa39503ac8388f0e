using FaceSearch.Application.Abstractions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// Unhealthy until the index is loaded, and when it has not followed the database for <see cref="Patience"/>. Degraded
/// when faces are left out of it.
/// </summary>
internal sealed class GalleryHealthCheck(IFaceGallery gallery, LoadProgress progress, SetAsideFaces setAside) : IHealthCheck
{
    /// <summary>A short outage of the database does not make the server unhealthy.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (!gallery.IsReady)
            return StillLoading(progress.Loaded, progress.Total);
        if (progress.Lag is var lag && lag >= Patience)
            return Behind(lag);

        return setAside.Count is var faces and > 0 ? LeftOut(faces) : HealthCheckResult.Healthy();
    }

    private static HealthCheckResult StillLoading(long loaded, long total) => HealthCheckResult.Unhealthy(
        FormattableString.Invariant($"The index is still loading: {loaded} of {total} faces."),
        data: new Dictionary<string, object> { ["loaded"] = loaded, ["total"] = total });

    private static HealthCheckResult Behind(TimeSpan lag) => HealthCheckResult.Unhealthy(
        FormattableString.Invariant(
            $"The index has not followed the database for {lag.TotalSeconds:0} s. The server log says why."),
        data: new Dictionary<string, object> { ["behindSeconds"] = lag.TotalSeconds });

    private static HealthCheckResult LeftOut(int faces) => HealthCheckResult.Degraded(
        FormattableString.Invariant(
            $"Faces left out of the index because their stored embeddings are damaged: {faces}. The server log names the first 100. Remove these faces or re-embed their collections."),
        data: new Dictionary<string, object> { ["faces"] = faces });
}
