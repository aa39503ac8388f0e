using System.Text.Json;
using System.Text.Json.Serialization;
using FaceSearch.Api.Audit;
using FaceSearch.Api.Authentication;
using FaceSearch.Api.OpenApi;
using FaceSearch.Api.Problems;
using FaceSearch.Api.Site;
using FaceSearch.Api.Uploads;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Audit;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Faces;
using FaceSearch.Application.Telemetry;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Scalar.AspNetCore;
using Serilog;

namespace FaceSearch.Api.Startup;

/// <summary>The HTTP layer: what it needs and the order in which a request passes it.</summary>
internal static class ApiRegistration
{
    /// <summary>The settings beside the program are the base; those of the working folder and the environment win.</summary>
    public static void UseDefaultSettings(this WebApplicationBuilder builder)
    {
        var shipped = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: false)
            .Build();
        builder.Configuration.Sources.Insert(0, new ChainedConfigurationSource { Configuration = shipped });
        builder.Services.AddSerilog(logger => logger.ReadFrom.Configuration(builder.Configuration));
    }

    public static void AddApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddControllers(AnswerJsonOnly)
            .AddJsonOptions(options =>
            {
                options.AllowInputFormatterExceptionMessages = false;
                WriteAsDocumented(options.JsonSerializerOptions);
            })
            .ConfigureApiBehaviorOptions(options =>
            {
                options.InvalidModelStateResponseFactory = RefuseInvalidFields;
                options.SuppressMapClientErrors = true;
            });
        services.AddOptions<MvcOptions>().Configure<IOptions<EnrolmentOptions>>(
            (mvc, enrolment) => mvc.Conventions.Add(new BodyLimits(enrolment.Value)));
        services.ConfigureHttpJsonOptions(options => WriteAsDocumented(options.SerializerOptions));

        services.AddOptions<SearchOptions>().Bind(configuration.GetSection(SearchOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection(AccessOptions.Section));
        services.AddOptions<AuditOptions>().Bind(configuration.GetSection(AuditOptions.Section))
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<UploadReader>();
        services.AddExceptionHandler<UnhandledExceptionHandler>();
        services.AddProblemDetails();

        services.AddHttpContextAccessor();
        services.AddScoped<ICaller, HttpCaller>();
        services.AddAuthentication(ApiKeyAuthenticationHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(
                ApiKeyAuthenticationHandler.SchemeName, null);
        Scopes.AddPolicies(services.AddAuthorizationBuilder());
        services.AddEdge(configuration);
        services.AddAdmission();
        services.AddTelemetry();
        services.AddOpenApiDocument();
    }

    public static void UseApi(this WebApplication app)
    {
        app.UseKnownProxies();
        app.UseSerilogRequestLogging();
        app.UseExceptionHandler();
        app.UseProblemsForBareStatuses();
        app.UseSite();
        app.UseRouting();
        app.UseOtherOrigins();
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseMiddleware<AuditMiddleware>();
        app.UseAuthorization();
        app.UseRateLimiter();

        app.MapControllers();
        app.MapOpenApi();
        app.MapScalarApiReference("/docs", options => options.WithTitle("FaceSearch").DisableDefaultFonts());
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(Scopes.ServerRead);
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).DisableRateLimiting();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteHealthAsync }).DisableRateLimiting();
    }

    private static void AddTelemetry(this IServiceCollection services) =>
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(FaceSearchMetrics.MeterName)
            .AddAspNetCoreInstrumentation()
            .AddPrometheusExporter());

    /// <summary>The status, and a line for each check that has something to say: how far the index has loaded.</summary>
    private static Task WriteHealthAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        var lines = report.Entries.Values.Select(entry => entry.Description).Where(line => line is not null);
        return context.Response.WriteAsync(string.Join('\n', lines.Prepend(report.Status.ToString())));
    }

    /// <summary>
    /// Enums are words, and numbers are numbers only: a client's types need no union with strings. Reasons are shouted, as
    /// in Amazon Rekognition, whose words they are: LOW_SHARPNESS.
    /// </summary>
    private static void WriteAsDocumented(JsonSerializerOptions json)
    {
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Converters.Add(new JsonStringEnumConverter<RefusalReason>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false));
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static void AnswerJsonOnly(MvcOptions options)
    {
        options.OutputFormatters.RemoveType<StringOutputFormatter>();
        options.OutputFormatters.OfType<SystemTextJsonOutputFormatter>().Single().SupportedMediaTypes.Remove("text/json");
    }

    private static ObjectResult RefuseInvalidFields(ActionContext context)
    {
        var fields = context.ModelState
            .Where(entry => entry.Value!.Errors.Count > 0)
            .GroupBy(entry => FieldOf(entry.Key), entry => entry.Value!.Errors.Select(error => error.ErrorMessage))
            .ToDictionary(field => field.Key, field => field.SelectMany(messages => messages).ToArray());
        return CommonErrors.InvalidFields(fields).ToActionResult(context.HttpContext);
    }

    /// <summary>The field's name, where JSON that does not fit gives its path: <c>$.scopes[0]</c>.</summary>
    private static string FieldOf(string key) =>
        key.StartsWith("$.", StringComparison.Ordinal) ? key[2..].Split('[', '.')[0] : key;
}
