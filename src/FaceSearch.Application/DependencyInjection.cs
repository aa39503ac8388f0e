using FaceSearch.Application.Behaviours;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Search;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Application;

public static class DependencyInjection
{
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        services.AddMediator(options =>
        {
            options.ServiceLifetime = ServiceLifetime.Scoped;
            options.PipelineBehaviors = [typeof(LoggingBehaviour<,>), typeof(ValidationBehaviour<,>)];
        });

        services.AddScoped<CollectionDirectory>();
        services.AddScoped<Identification>();
        services.AddSingleton<ExclusionBook>();
        return services.AddValidatorsFromAssembly(
            typeof(DependencyInjection).Assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
    }
}
