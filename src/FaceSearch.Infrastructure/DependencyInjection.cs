using FaceSearch.Application.Abstractions;
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

    /// <summary>At start: the tables, made or brought up to date.</summary>
    public static Task PrepareDatabaseAsync(this IServiceProvider services, CancellationToken ct) =>
        services.GetRequiredService<DatabaseMigrator>().MigrateAsync(ct);

    /// <summary>At start: the face models that new collections and those of the database need.</summary>
    /// <exception cref="StartException">A model can't be had; the message says what to do.</exception>
    public static Task PrepareFaceModelsAsync(this IServiceProvider services, PinnedModels pinned, CancellationToken ct) =>
        services.PrepareFaceEngineAsync(pinned, ct);
}
