using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Erasure;
using FaceSearch.Domain.Texts;
using FaceSearch.Infrastructure.Housekeeping;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;
using FaceSearch.Infrastructure.Jobs.Calibration;
using FaceSearch.Infrastructure.Jobs.CollectionImport;
using FaceSearch.Infrastructure.Jobs.Erasure;
using FaceSearch.Infrastructure.Jobs.Reembedding;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Infrastructure;

internal static class BulkEnrolmentRegistration
{
    public static IServiceCollection AddBulkEnrolment(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EnrolmentOptions>()
            .Bind(configuration.GetSection(EnrolmentOptions.Section))
            .ValidateDataAnnotations()
            .Validate(
                options => TextEncodings.Find(options.ArchiveNameEncoding) is not null,
                "Enrolment:ArchiveNameEncoding is the name of a character encoding: IBM437, shift_jis, windows-1252.")
            .ValidateOnStart();

        services.AddSingleton<DatabaseEnrolmentQueue>();
        services.AddSingleton<IEnrolmentQueue>(provider => provider.GetRequiredService<DatabaseEnrolmentQueue>());
        services.AddSingleton<ZipArchiveStore>();
        services.AddSingleton<IArchiveStore>(provider => provider.GetRequiredService<ZipArchiveStore>());
        services.AddSingleton<EnrolmentBatchWriter>();
        services.AddSingleton<BulkEnrolmentPipeline>();
        services.AddSingleton<LeasedJobs>();
        services.AddSingleton<PictureReembedder>();
        services.AddSingleton<EmbeddingWriter>();
        services.AddSingleton<ModelSwap>();
        services.AddSingleton<ReembeddingCleanup>();
        services.AddSingleton<IJobHandler, ReembeddingHandler>();
        services.AddSingleton<IJobHandler, ArchiveEnrolmentHandler>();
        services.AddSingleton<IJobHandler, CollectionImportHandler>();
        services.AddSingleton<IJobHandler, ErasureHandler>();
        services.AddOptions<ErasureOptions>()
            .Bind(configuration.GetSection(ErasureOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IJobHandler, CalibrationHandler>();
        services.AddHostedService<ArchiveCleaner>();
        return services.AddJobWorker(JobLane.Long).AddJobWorker(JobLane.Short);
    }

    private static IServiceCollection AddJobWorker(this IServiceCollection services, JobLane lane) =>
        services.AddSingleton<IHostedService>(
            provider => ActivatorUtilities.CreateInstance<JobWorker>(provider, lane));
}
