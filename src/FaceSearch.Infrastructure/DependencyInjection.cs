using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Startup;
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

    /// <summary>At start: creates or migrates the tables.</summary>
    public static Task PrepareDatabaseAsync(this IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<DatabaseMigrator>().MigrateAsync(ct);

    /// <summary>At start: loads the face models of new collections and of the database's collections.</summary>
    /// <exception cref="StartException">A model is not available; the message says what to do.</exception>
    public static Task PrepareFaceModelsAsync(this IServiceProvider services, PinnedModels pinned, CancellationToken ct) =>
        services.PrepareFaceEngineAsync(pinned, ct);
}
