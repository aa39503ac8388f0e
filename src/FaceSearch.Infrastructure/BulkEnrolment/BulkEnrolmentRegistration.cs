using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Infrastructure.BulkEnrolment;

internal static class BulkEnrolmentRegistration
{
    public static IServiceCollection AddBulkEnrolment(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EnrolmentOptions>()
            .Bind(configuration.GetSection(EnrolmentOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();

        services.AddSingleton<ChannelEnrolmentQueue>();
        services.AddSingleton<IEnrolmentQueue>(provider => provider.GetRequiredService<ChannelEnrolmentQueue>());
        services.AddSingleton<ZipArchiveStore>();
        services.AddSingleton<IArchiveStore>(provider => provider.GetRequiredService<ZipArchiveStore>());
        services.AddSingleton<EnrolmentBatchWriter>();
        services.AddSingleton<BulkEnrolmentPipeline>();
        return services.AddHostedService<BulkEnrolmentWorker>();
    }
}
