using FaceSearch.Application.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.VectorIndex;

internal static class VectorIndexRegistration
{
    public static IServiceCollection AddVectorIndex(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<GalleryHealthCheck>("index");
        return services
            .AddSingleton<InMemoryFaceGallery>()
            .AddSingleton<IFaceGallery>(provider => provider.GetRequiredService<InMemoryFaceGallery>())
            .AddHostedService<GalleryLoader>();
    }
}
