using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Snapshots;
using FaceSearch.Infrastructure.VectorIndex.Sync;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure;

internal static class VectorIndexRegistration
{
    public static IServiceCollection AddVectorIndex(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IndexOptions>()
            .Bind(configuration.GetSection(IndexOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddHealthChecks().AddCheck<GalleryHealthCheck>("index");
        return services
            .AddSingleton<InMemoryFaceGallery>()
            .AddSingleton<IFaceGallery>(provider => provider.GetRequiredService<InMemoryFaceGallery>())
            .AddSingleton<IFaceDistances, FaceDistances>()
            .AddSingleton<LoadProgress>()
            .AddSingleton<SetAsideFaces>()
            .AddSingleton<SnapshotFolder>()
            .AddSingleton<FaceChangeFeed>()
            .AddSingleton<SnapshotWriter>()
            .AddSingleton<IIndexChanges, CommittedChanges>()
            .AddSingleton<GenerationLoader>()
            .AddHostedService<GalleryLoader>();
    }
}
