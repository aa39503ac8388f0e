using System.Text;
using System.Text.RegularExpressions;

namespace FaceSearch.Architecture.Tests;

/// <summary>docs/faults.md lists the tests of each fault. It is generated from their categories.</summary>
internal sealed partial class FaultTableTests
{
    private static readonly string File = Path.Combine(SizeTests.Root, "docs", "faults.md");

    [Test]
    public void Category_NamesAKnownFault() => Assert.That(
        FindTests().Select(test => test.Id).Distinct().Except(FaultRules.All.Select(rule => rule.Id)), Is.Empty);

    [Test]
    public void Table_IsThatOfTheTests()
    {
        var table = Render();
        if (Environment.GetEnvironmentVariable("UPDATE_FAULTS") == "1")
            System.IO.File.WriteAllText(File, table);

        Assert.That(
            System.IO.File.ReadAllText(File), Is.EqualTo(table), "Run the tests with UPDATE_FAULTS=1 and review the difference.");
    }

    private static string Render()
    {
        var tests = FindTests().ToLookup(test => test.Id, test => test.Name);
        var table = new StringBuilder("""
            # Faults and their tests

            Each fault was shown by a running server. The rule excludes the whole kind of fault; its tests have the category
            `Fault-` with the id, so `dotnet test --filter TestCategory=Fault-A1` runs one row. Generated from the categories.

            | id | rule | tests |
            |---|---|---|

            """);
        foreach (var (id, rule) in FaultRules.All)
            table.Append($"| {id} | {rule} | {string.Join(", ", tests[id].Distinct().Order(StringComparer.Ordinal))} |\n");

        return table.ToString();
    }

    /// <summary>Test methods, or whole classes, with a category of a fault.</summary>
    private static IEnumerable<(string Id, string Name)> FindTests() =>
        from file in SizeTests.Sources()
        where Path.GetRelativePath(SizeTests.Root, file).StartsWith("tests", StringComparison.Ordinal)
        let text = System.IO.File.ReadAllText(file)
        from category in Category().Matches(text)
        let declared = Declaration().Match(text, category.Index)
        where declared.Success
        let type = Path.GetFileNameWithoutExtension(file)
        from id in category.Groups["id"].Captures
        select (id.Value, declared.Groups["class"].Success ? type : $"{type}.{declared.Groups["method"].Value}");

    [GeneratedRegex("""\bCategory\("Fault-(?<id>[A-F]\d+)"\)""")]
    private static partial Regex Category();

    [GeneratedRegex("""\b(?:class (?<class>\w+)|(?:void|Task) (?<method>\w+)\()""", RegexOptions.NonBacktracking)]
    private static partial Regex Declaration();
}
