using FaceSearch.Cli.ApiKeys;
using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Tests.ApiKeys;

internal sealed class KeyExpiryTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void Expiry_IsTheEndOfADay_OrDaysFromNow()
    {
        Assert.That(KeysCommand.ParseExpiry("2030-12-31", Now), Is.EqualTo(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.That(KeysCommand.ParseExpiry("90d", Now), Is.EqualTo(Now.AddDays(90)));
        Assert.That(KeysCommand.ParseExpiry(null, Now), Is.Null);
    }

    [TestCase("soon")]
    [TestCase("0d")]
    [TestCase("-1d")]
    [TestCase("31.12.2030")]
    public void Expiry_Invalid_IsWrongUsage(string text) => Assert.That(
        () => KeysCommand.ParseExpiry(text, Now), Throws.InstanceOf<CliException>().With.Property("ExitCode").EqualTo(ExitCode.Usage));
}
