using FaceSearch.Application.Access;
using FaceSearch.Application.Audit;
using FaceSearch.Application.Behaviours;
using FaceSearch.Application.Calibration;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Idempotency;
using FaceSearch.Application.Search;
using FaceSearch.Application.Telemetry;
using FaceSearch.Application.Transfer;
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

        services.AddScoped<CollectionResolver>();
        services.AddScoped<ImportCollections>();
        services.AddScoped<Identification>();
        services.AddSingleton<ExclusionCache>();
        services.AddScoped<NearDuplicateFinder>();
        services.AddScoped<EnrolmentWriter>();
        services.AddScoped<FaceEraser>();
        services.AddScoped<CollectionEraser>();
        services.AddScoped<CalibrationMeasurer>();
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<ApiKeyUsage>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<FaceSearchMetrics>();
        return services.AddValidatorsFromAssembly(
            typeof(DependencyInjection).Assembly, ServiceLifetime.Singleton, includeInternalTypes: true);
    }
}
