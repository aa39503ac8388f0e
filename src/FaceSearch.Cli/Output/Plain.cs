using System.Globalization;

namespace FaceSearch.Cli.Output;

/// <summary>Formats values for people, without control characters.</summary>
internal static class Plain
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary>
    /// Replaces control characters: names of files and persons are untrusted, and escape sequences would control the
    /// terminal.
    /// </summary>
    public static string Text(string? text) =>
        text is null ? string.Empty : string.Create(text.Length, text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
        });

    /// <summary><c>14.9 MB</c>, in thousands.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
            value /= 1000;

        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(unit == 0 || value >= 99.95 ? "0" : "0.0", CultureInfo.InvariantCulture)} {Units[unit]}");
    }

    /// <summary><c>3 s</c>, <c>2 min 5 s</c>, <c>1 h 20 min</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = (long)Math.Round(time.TotalSeconds);
        return seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => $"{seconds / 60} min {seconds % 60} s",
            _ => $"{seconds / 3600} h {seconds / 60 % 60} min",
        };
    }

    public static string Count(long count, string one, string many) =>
        count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many}");

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three decimals.</summary>
    public static string Distance(double distance) => distance.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset? moment) =>
        moment?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
