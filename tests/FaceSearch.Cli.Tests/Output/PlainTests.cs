using FaceSearch.Cli.Output;
using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.Output;

internal sealed class PlainTests
{
    [TestCase(0, "0 B")]
    [TestCase(999, "999 B")]
    [TestCase(1000, "1.0 kB")]
    [TestCase(5_312_345, "5.3 MB")]
    [TestCase(999_960, "1.0 MB")]
    [TestCase(256_000_000, "256 MB")]
    [TestCase(3_000_000_000_000, "3.0 TB")]
    public void Bytes(long bytes, string expected) => Assert.That(Plain.Bytes(bytes), Is.EqualTo(expected));

    [TestCase(0.4, "0 s")]
    [TestCase(59.4, "59 s")]
    [TestCase(59.6, "1 min 0 s")]
    [TestCase(3661, "1 h 1 min")]
    public void Duration(double seconds, string expected) =>
        Assert.That(Plain.Duration(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));

    [Test]
    public void Text_HasNoTerminalControlCharacters() =>
        Assert.That(Plain.Text("a\u001b[31mb\u009bc\r\n"), Is.EqualTo("a\uFFFD[31mb\uFFFDc\uFFFD\uFFFD"));

    [Test]
    public void Reasons_KnowEveryCodeOfASinglePicture()
    {
        var lines = File.ReadLines(Path.Combine(SharedData.RepositoryRoot, "docs", "problems.md"))
            .SkipWhile(line => !line.StartsWith("The reason of a single file", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| <a id", StringComparison.Ordinal));
        var codes = lines.Select(line => line.Split('`')[1]).ToList();

        Assert.That(codes, Is.Not.Empty);
        Assert.That(codes.Where(code => FailureReasons.Of(code) == code), Is.Empty);
        Assert.That(FailureReasons.Of("no-face"), Is.EqualTo("No face was found"));
        Assert.That(FailureReasons.Of("a-code-of-tomorrow"), Is.EqualTo("a-code-of-tomorrow"));
    }
}
