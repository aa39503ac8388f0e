using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Output;

/// <summary>Creates tables in one style.</summary>
internal static class Tables
{
    /// <param name="columns">A heading that begins with <c>&gt;</c> is a column of numbers.</param>
    public static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            var isNumber = column.StartsWith('>');
            var heading = new TableColumn(new Text(column.TrimStart('>'), new Style(decoration: Decoration.Bold)));
            table.AddColumn(isNumber ? heading.RightAligned() : heading);
        }

        return table;
    }

    public static Table Add(this Table table, params string?[] cells) =>
        table.AddRow(cells.Select(cell => (IRenderable)new Text(Plain.Text(cell))));

    /// <summary>A table of names and values.</summary>
    public static Grid Facts(params (string Name, string? Value)[] facts)
    {
        var grid = new Grid().AddColumn(new GridColumn().PadLeft(1).PadRight(2).NoWrap()).AddColumn();
        foreach (var (name, value) in facts.Where(fact => fact.Value is not null))
            grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(Plain.Text(value)));

        return grid;
    }

    public static Rows Below(params IRenderable?[] parts) => new Rows(parts.OfType<IRenderable>());

    /// <summary>A line of text with its line break.</summary>
    public static Rows Line(string text) => new(new Text(Plain.Text(text)));
}
