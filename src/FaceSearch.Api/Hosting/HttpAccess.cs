using System.Net;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Filters;
using FaceSearch.Api.Http.Idempotency;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Http.RequestLogs;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Hosting;

/// <summary>Configures known proxies, CORS and rate limits.</summary>
internal static class HttpAccess
{
    private static readonly string[] ExposedHeaders =
        [
            HeaderNames.Location, HeaderNames.ETag, HeaderNames.RetryAfter, IdempotentAttribute.ReplayedHeaderName,
            Preferences.AppliedHeaderName, RequestId.HeaderName,
        ];

    public static IServiceCollection AddHttpAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection(RateLimitOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RateLimitOptions>(RateLimitOptions.WithoutKey)
            .Configure(options => options.LimitByDefault())
            .Bind(configuration.GetSection($"{RateLimitOptions.Section}:{RateLimitOptions.WithoutKey}"))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CorsOptions>().Bind(configuration.GetSection(CorsOptions.Section));
        services.AddOptions<ProxyOptions>().Bind(configuration.GetSection(ProxyOptions.Section))
            .Validate(
                options => options.Known.All(text => IPAddress.TryParse(text, out _))
                    && options.KnownNetworks.All(text => System.Net.IPNetwork.TryParse(text, out _)),
                "Proxy:Known has addresses, Proxy:KnownNetworks networks: 10.0.0.0/8.")
            .ValidateOnStart();
        return services.AddCors();
    }

    /// <summary>Takes the client's address, scheme and host from known proxies, also from several in a row.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        var proxies = OptionsOf<ProxyOptions>(app);
        if (proxies.Known.Count == 0 && proxies.KnownNetworks.Count == 0)
            return;

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var address in proxies.Known)
            options.KnownProxies.Add(IPAddress.Parse(address));
        foreach (var network in proxies.KnownNetworks)
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        app.UseForwardedHeaders(options);
    }

    public static void UseOtherOrigins(this WebApplication app)
    {
        if (OptionsOf<CorsOptions>(app).Origins is { Count: > 0 } origins)
        {
            app.UseCors(policy => policy
                .WithOrigins([.. origins]).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(ExposedHeaders));
        }
    }

    private static T OptionsOf<T>(WebApplication app)
        where T : class => app.Services.GetRequiredService<IOptions<T>>().Value;
}
