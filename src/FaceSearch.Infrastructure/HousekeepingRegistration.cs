using FaceSearch.Infrastructure.Housekeeping;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure;

internal static class HousekeepingRegistration
{
    public static IServiceCollection AddHousekeeping(this IServiceCollection services) => services
        .AddHostedService<AuditWriter>()
        .AddHostedService<ApiKeyCacheRefresher>()
        .AddHostedService<Housekeeper>();
}
