using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Application;

public static class DependencyInjection
{
    public static IServiceCollection AddApplication(this IServiceCollection services) =>
        services.AddMediator(options => options.ServiceLifetime = ServiceLifetime.Scoped);
}
