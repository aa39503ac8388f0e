using FaceSearch.Infrastructure.BulkEnrolment;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.Housekeeping;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.VectorIndex;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FaceSearch.Infrastructure;

public static class DependencyInjection
{
    public static IServiceCollection AddInfrastructure(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddPersistence(configuration)
            .AddFaceEngine(configuration)
            .AddVectorIndex(configuration)
            .AddHousekeeping()
            .AddBulkEnrolment(configuration);
    }

    /// <summary>What must be there before the first request: the model files and the tables.</summary>
    /// <exception cref="StartException">Something is missing; the message says what to do.</exception>
    public static async Task PrepareInfrastructureAsync(this IServiceProvider services, CancellationToken ct)
    {
        await services.PrepareFaceEngineAsync(ct);
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(ct);
    }
}
