using System.Data.Common;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Output;
using FaceSearch.Infrastructure;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Cli.Local;

/// <summary>
/// The server's services on this machine, with the server's configuration: the settings beside the program, those of
/// the working folder, the environment, in that order. No background service is started.
/// </summary>
internal static class LocalServices
{
    /// <param name="terminal">Receives the server's log: downloads only, or everything with --verbose.</param>
    /// <param name="settings">Settings of the command line; they override all others.</param>
    public static IHost Build(Terminal terminal, IReadOnlyDictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = Environment.CurrentDirectory,
        });
        builder.Configuration
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: false)
            .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(settings);
        builder.Logging
            .AddProvider(new TerminalLog(terminal))
            .SetMinimumLevel(terminal.IsVerbose ? LogLevel.Information : LogLevel.None)
            .AddFilter(typeof(ModelFolders).Namespace, LogLevel.Information);

        builder.Services.AddInfrastructure(builder.Configuration);
        return builder.Build();
    }

    /// <summary>The server's message for an error of the machine or the settings.</summary>
    public static async Task<int> ExplainAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (StartException failure)
        {
            throw new CliException(failure.Message);
        }
        catch (OptionsValidationException failure)
        {
            throw new CliException($"The configuration is invalid: {string.Join(" ", failure.Failures)}");
        }
        catch (Exception failure) when (DatabaseFault(failure) is { } fault)
        {
            throw new CliException($"The database can't be opened: {fault.Message} See the section 'Database' of appsettings.json.");
        }
    }

    /// <summary>EF Core wraps the last of several tries.</summary>
    private static DbException? DatabaseFault(Exception failure) =>
        failure as DbException ?? (failure.InnerException is { } inner ? DatabaseFault(inner) : null);
}
