using FaceSearch.Application.Abstractions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FaceSearch.Infrastructure.FaceEngine;

internal sealed class EngineHealthCheck(IFaceEncoders encoders) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(encoders.Choice is null
            ? HealthCheckResult.Unhealthy("The face models are not loaded yet.")
            : HealthCheckResult.Healthy());
}
