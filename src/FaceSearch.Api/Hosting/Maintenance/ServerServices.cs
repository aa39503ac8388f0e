using FaceSearch.Application.Audit;
using FaceSearch.Infrastructure.FaceEngine.Models;

namespace FaceSearch.Api.Hosting.Maintenance;

/// <summary>The server's services with its configuration, for a command. The server is not started.</summary>
internal static class ServerServices
{
    /// <param name="settings">Settings of the command line; they override all others.</param>
    public static WebApplication Build(CommandRun run, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.UseDefaultSettings();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders()
            .AddProvider(new CommandLog(run.Error))
            .SetMinimumLevel(run.IsVerbose ? LogLevel.Information : LogLevel.None)
            .AddFilter(typeof(AuditLog).FullName, LogLevel.Warning)
            .AddFilter(typeof(ModelFolders).Namespace, LogLevel.Information);
        builder.AddServer();
        return builder.Build();
    }
}
