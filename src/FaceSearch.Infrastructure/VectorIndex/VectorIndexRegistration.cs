using FaceSearch.Application.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.VectorIndex;

internal static class VectorIndexRegistration
{
    public static IServiceCollection AddVectorIndex(this IServiceCollection services) => services
        .AddSingleton<InMemoryFaceGallery>()
        .AddSingleton<IFaceGallery>(provider => provider.GetRequiredService<InMemoryFaceGallery>());
}
