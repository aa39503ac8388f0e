using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.Mapping;
using FaceSearch.Infrastructure.Persistence.MySql;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MySqlConnector;

namespace FaceSearch.Infrastructure;

internal static class PersistenceRegistration
{
    private static readonly IInterceptor[] SqliteInterceptors = [new SqliteConnectionSettings(), new SqliteWriteTurns()];

    /// <summary>
    /// EF Core logs these failures as errors and throws. Many are expected, such as a conflict with another client. The
    /// caller logs those that it does not expect.
    /// </summary>
    private static readonly EventId[] ThrownFailures =
    [
        RelationalEventId.CommandError, RelationalEventId.ConnectionError, RelationalEventId.TransactionError,
        CoreEventId.SaveChangesFailed, CoreEventId.QueryIterationFailed, CoreEventId.OptimisticConcurrencyException,
    ];

    private const int MaxRetries = 3;

    private const uint ConnectSeconds = 3;

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddPersistence(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(DatabaseOptions.Section);
        services.AddOptions<DatabaseOptions>().Bind(section).ValidateDataAnnotations()
            .Validate(
                options => options.Provider != DatabaseProvider.MySql || options.MySql.Length > 0,
                "Database:MySql is the connection string of the server and is required with Database:Provider=MySql.")
            .ValidateOnStart();

        if (section.GetValue(nameof(DatabaseOptions.Provider), DatabaseProvider.Sqlite) == DatabaseProvider.MySql)
            services.AddContext<MySqlFaceSearchDbContext>(UseMySql);
        else
            services.AddSingleton(WriteQueueOf).AddContext<SqliteFaceSearchDbContext>(UseSqlite);

        services.AddScoped<TextNormalizer>();
        services.AddSingleton<DatabaseMigrator>();
        return services.AddScoped<IFaceSearchDbContext>(provider => provider.GetRequiredService<FaceSearchDbContext>());
    }

    private static void AddContext<TContext>(
        this IServiceCollection services, Action<DbContextOptionsBuilder, DatabaseOptions, string> use)
        where TContext : FaceSearchDbContext
    {
        services.AddDbContext<TContext>((provider, builder) =>
        {
            builder.ConfigureWarnings(warnings => warnings.Log([.. ThrownFailures.Select(id => (id, LogLevel.Debug))]));
            use(
                builder,
                provider.GetRequiredService<IOptions<DatabaseOptions>>().Value,
                provider.GetRequiredService<IHostEnvironment>().ContentRootPath);
        });
        services.AddScoped<FaceSearchDbContext>(provider => provider.GetRequiredService<TContext>());
        services.AddHealthChecks().AddDbContextCheck<TContext>("database");
    }

    private static SqliteWriteQueue WriteQueueOf(IServiceProvider provider) =>
        new(TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.TimeoutSeconds));

    private static void UseSqlite(DbContextOptionsBuilder builder, DatabaseOptions options, string contentRoot)
    {
        var file = Path.GetFullPath(options.SqliteFile, contentRoot);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        builder.UseSqlite(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            DefaultTimeout = options.TimeoutSeconds,
            ForeignKeys = true,
        }.ToString());
        builder.AddInterceptors(SqliteInterceptors);

        // SQLite rebuilds a table to change a column; EF Core switches foreign keys off for that outside a transaction.
        builder.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning));
    }

    private static void UseMySql(DbContextOptionsBuilder builder, DatabaseOptions options, string contentRoot) =>
        builder.UseMySql(ConnectionString(options.MySql), MySqlBaseline.Version, mysql => mysql
            .CommandTimeout(options.TimeoutSeconds)
            .EnableRetryOnFailure(MaxRetries, MaxRetryDelay, [.. MySqlErrors.AlsoTransient.Select(code => (int)code)]));

    /// <summary>
    /// A short connection timeout, so that callers of an unreachable server fail fast; the settings can override it.
    /// </summary>
    private static string ConnectionString(string settings)
    {
        var builder = new MySqlConnectionStringBuilder(settings);
        if (!builder.ContainsKey("Connection Timeout"))
            builder.ConnectionTimeout = ConnectSeconds;

        return builder.ConnectionString;
    }
}
