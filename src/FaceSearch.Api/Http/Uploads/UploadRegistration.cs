using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>The readers of uploads, and how slowly bodies may arrive and answers may be read.</summary>
internal static class UploadRegistration
{
    public static void AddUploads(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<UploadOptions>().Bind(configuration.GetSection(UploadOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<UploadOptions>>((kestrel, uploads) =>
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = new MinDataRate(
                uploads.Value.MinBytesPerSecond, TimeSpan.FromSeconds(uploads.Value.GraceSeconds)));
        services.AddSingleton<UploadReader>();
        services.AddSingleton<ArchiveReceiver>();
    }
}
