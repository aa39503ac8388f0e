using FaceSearch.Api.Http.Problems;

namespace FaceSearch.Api.Tests.Http.Binding;

[Category("Fault-B2")]
internal sealed class SpellingTests
{
    private static readonly string[] Known = ["k", "tolerance", "groupBy", "person", "tag"];

    [TestCase("tolerence", "tolerance")]
    [TestCase("TOLERANCE", "tolerance")]
    [TestCase("groupby_", "groupBy")]
    [TestCase("persons", "person")]
    [TestCase("tags", "tag")]
    [TestCase("", "k")]
    public void Nearest_Misspelt_IsWhatWasMeant(string name, string meant) =>
        Assert.That(Spelling.Nearest(name, Known), Is.EqualTo(meant));

    [Test]
    public void Nearest_OfNone_IsNull() => Assert.That(Spelling.Nearest("k", []), Is.Null);
}
