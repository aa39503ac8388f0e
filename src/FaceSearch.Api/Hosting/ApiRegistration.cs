using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Authentication;
using FaceSearch.Api.Http.Binding;
using FaceSearch.Api.Http.OpenApi;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Api.Http.RequestLogs;
using FaceSearch.Api.Http.Uploads;
using FaceSearch.Application.Calibration;
using FaceSearch.Application;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Audit;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using FaceSearch.Application.Telemetry;
using FaceSearch.Domain.Quality;
using FaceSearch.Infrastructure;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Serilog;

namespace FaceSearch.Api.Hosting;

/// <summary>The settings, the log and the services of the server.</summary>
internal static class ApiRegistration
{
    /// <summary>
    /// Settings beside the program are the base. Settings of the working folder and the environment override them.
    /// </summary>
    public static void UseDefaultSettings(this WebApplicationBuilder builder)
    {
        var shipped = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: false)
            .Build();
        builder.Configuration.Sources.Insert(0, new ChainedConfigurationSource { Configuration = shipped });
    }

    public static void AddConfiguredLog(this WebApplicationBuilder builder) =>
        builder.Services.AddSerilog((services, logger) => logger
            .ReadFrom.Configuration(builder.Configuration).ReadFrom.Services(services).Enrich.With<SafeProperties>());

    /// <summary>All services; the configuration is complete by then.</summary>
    public static void AddServer(this WebApplicationBuilder builder)
    {
        // For the charsets of filename*.
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        builder.Services.AddApplication();
        builder.Services.AddSingleton<ServerPreparation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ServerPreparation>());
        builder.Services.AddInfrastructure(builder.Configuration);
        builder.Services.AddApi(builder.Configuration);
    }

    public static void AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddControllers(ReadAndAnswerAsDocumented)
            .AddJsonOptions(options =>
            {
                WriteAsDocumented(options.JsonSerializerOptions);
                options.JsonSerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
                options.JsonSerializerOptions.AllowDuplicateProperties = false;
            })
            .ConfigureApiBehaviorOptions(options =>
            {
                options.InvalidModelStateResponseFactory = RefuseInvalidFields;
                options.SuppressMapClientErrors = true;
            });
        services.AddStrictBinding();
        services.AddOptions<MvcOptions>().Configure<IOptions<EnrolmentOptions>>(
            (mvc, enrolment) => mvc.Conventions.Add(new BodyLimits(enrolment.Value)));
        services.ConfigureHttpJsonOptions(options => WriteAsDocumented(options.SerializerOptions));

        services.AddOptions<SearchOptions>().Bind(configuration.GetSection(SearchOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CalibrationOptions>().Bind(configuration.GetSection(CalibrationOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section));
        services.AddOptions<AuditOptions>().Bind(configuration.GetSection(AuditOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddUploads(configuration);
        services.AddRequestHeadLimits();
        services.AddExceptionHandler<UnhandledExceptionHandler>();
        services.AddProblemDetails();

        services.AddHttpContextAccessor();
        services.AddScoped<ICaller, HttpCaller>();
        services.AddAuthentication(ApiKeyAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(
                ApiKeyAuthenticationHandler.SchemeName, null);
        Scopes.AddPolicies(services.AddAuthorizationBuilder());
        services.AddHttpAccess(configuration);
        services.AddAdmission();
        services.AddTelemetry();
        services.AddOpenApiDocument();
        services.AddOutputCache();
    }

    private static void AddTelemetry(this IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(FaceSearchMetrics.MeterName)
            .AddAspNetCoreInstrumentation()
            .AddPrometheusExporter());

    /// <summary>
    /// Enums are strings, and numbers are never strings, so client types need no unions. Reasons are written like the
    /// codes of problems: low-sharpness.
    /// </summary>
    private static void WriteAsDocumented(JsonSerializerOptions json)
    {
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Converters.Add(new JsonStringEnumConverter<RefusalReason>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static void ReadAndAnswerAsDocumented(MvcOptions options)
    {
        // Names with brackets are no syntax here. MVC throws at 'a[b' in every form and query string.
        options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
        options.ValueProviderFactories.RemoveType<JQueryQueryStringValueProviderFactory>();
        options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
        options.OutputFormatters.RemoveType<StringOutputFormatter>();
        options.OutputFormatters.OfType<SystemTextJsonOutputFormatter>().Single().SupportedMediaTypes.Remove("text/json");
    }

    private static ObjectResult RefuseInvalidFields(ActionContext context)
    {
        if (context.HttpContext.Features.Get<RefusedBody>() is { } refused)
            return refused.Error.ToActionResult(context.HttpContext);

        var fields = context.ModelState
            .Where(entry => entry.Value!.Errors.Count > 0)
            .ToDictionary(
                entry => entry.Key.Length == 0 ? JsonMembers.WholeBody : entry.Key,
                entry => entry.Value!.Errors.Select(TextOf).ToArray());
        return CommonErrors.InvalidFields(fields).ToActionResult(context.HttpContext);
    }

    /// <summary>The framework gives exceptions no text.</summary>
    private static string TextOf(ModelError error) =>
        string.IsNullOrWhiteSpace(error.ErrorMessage) ? "The value is invalid." : error.ErrorMessage;
}
