using System.Data.Common;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Hosting;

/// <summary>Turns errors of the machine or the settings at start into one line that says what to do.</summary>
internal static class StartFailure
{
    /// <summary>Null for a bug, which keeps its stack trace.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => $"The configuration is invalid: {string.Join(" ", invalid.Failures)}",
        DbException => $"The database can't be opened: {exception.Message} See the section 'Database' of appsettings.json.",
        StartException => exception.Message,
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } =>
            $"{exception.Message} Stop the other server or set 'Urls' to another address.",
        _ => null,
    };
}
