namespace FaceSearch.Api.Hosting.Maintenance;

internal static class TextTable
{
    /// <summary>Columns as wide as their longest cell, without a line break at the end.</summary>
    public static string Of(string[] headings, IEnumerable<string[]> rows)
    {
        string[][] lines = [headings, .. rows];
        var widths = headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        return string.Join(Environment.NewLine, lines.Select(line =>
            string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
