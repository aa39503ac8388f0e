using System.ComponentModel.DataAnnotations;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.FaceEngine.Models.Packages;
using FaceSearch.Infrastructure.FaceEngine.Models.Store;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure;

internal static class FaceEngineRegistration
{
    public static IServiceCollection AddFaceEngine(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EngineOptions>()
            .Bind(configuration.GetSection(EngineOptions.Section))
            .ValidateDataAnnotations()
            .Validate(
                options => options.OtherProfiles.Prepend(options.Profile).All(
                    name => EngineProfile.Candidates(name, options.Dlib).Count > 0)
                    && !options.OtherProfiles.Any(EngineProfile.IsAuto),
                $"Engine:Profile is {string.Join(", ", EngineProfile.Names)} or a model's id; Engine:OtherProfiles the same without auto.")
            .Validate(
                options => Validator.TryValidateObject(options.Dlib, new ValidationContext(options.Dlib), null, true),
                "Engine:Dlib: Detector is mmod or yunet, Upsample 0 to 2.")
            .ValidateOnStart();
        services.AddOptions<ModelsOptions>()
            .Bind(configuration.GetSection(ModelsOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddHealthChecks().AddCheck<EngineHealthCheck>("engine");
        services.AddHttpClient(ModelDownloader.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(
                provider => ModelDownloader.CreateHandler(provider.GetRequiredService<IOptions<ModelsOptions>>().Value));

        return services
            .AddSingleton<ModelFolders>()
            .AddSingleton<ModelDownloader>()
            .AddSingleton<IPackageManager, NpmPackages>()
            .AddSingleton<IPackageManager, DebianSources>()
            .AddSingleton<PackageFetcher>()
            .AddSingleton<ModelStore>()
            .AddSingleton<ProfileChooser>()
            .AddSingleton<FaceEncoders>()
            .AddSingleton<IFaceEncoders>(provider => provider.GetRequiredService<FaceEncoders>())
            .AddSingleton(provider => new ImageDecoder(provider.GetRequiredService<IOptions<EngineOptions>>().Value.MaxPixels))
            .AddSingleton<IFaceCropper, FaceCropper>()
            .AddSingleton<IImageMetadataReader, ImageMetadataReader>();
    }

    /// <summary>
    /// Fetches and opens the model files, unless a test has replaced the engine; await it before the first request.
    /// </summary>
    /// <param name="pinned">The models of the database's collections.</param>
    /// <exception cref="StartException">A file is not available.</exception>
    public static async Task PrepareFaceEngineAsync(this IServiceProvider services, PinnedModels pinned, CancellationToken ct)
    {
        if (services.GetRequiredService<IFaceEncoders>() is FaceEncoders engine)
            await engine.LoadAsync(pinned, ct);
    }
}
