using System.Globalization;
using Serilog.Core;
using Serilog.Data;
using Serilog.Events;

namespace FaceSearch.Api.Http.RequestLogs;

/// <summary>
/// Escapes control characters in the values of log lines, which could forge a line or control a terminal. Removes the
/// path that ASP.NET Core adds to all lines of a request, because it may have a key.
/// </summary>
internal sealed class SafeProperties : LogEventPropertyValueRewriter<bool>, ILogEventEnricher
{
    private const string PathOfScope = "RequestPath";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        logEvent.RemovePropertyIfPresent(PathOfScope);
        foreach (var (name, value) in logEvent.Properties.ToArray())
            logEvent.AddOrUpdateProperty(new LogEventProperty(name, Visit(default, value)));
    }

    protected override LogEventPropertyValue VisitScalarValue(bool state, ScalarValue scalar)
    {
        var text = scalar.Value as string ?? (scalar.Value as Uri)?.ToString();
        return text is not null && text.Any(IsUnsafe) ? new ScalarValue(string.Concat(text.Select(Escape))) : scalar;
    }

    private static string Escape(char c) =>
        IsUnsafe(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString();

    /// <summary>Format characters may reverse the direction of a text.</summary>
    private static bool IsUnsafe(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
