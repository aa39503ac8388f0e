using FaceSearch.Domain.Access;

namespace FaceSearch.Domain.Tests.Access;

internal sealed class ApiKeyTests
{
    [Test]
    public void Issue_Twice_GivesDifferentKeysAndKeepsOnlyTheirHashes()
    {
        var first = ApiKey.Issue("a", AccessScopes.Search, DateTime.UnixEpoch, out var firstSecret);
        ApiKey.Issue("b", AccessScopes.Search, DateTime.UnixEpoch, out var secondSecret);

        Assert.That(firstSecret, Does.Match("^fs_[0-9a-f]{64}$").And.Not.EqualTo(secondSecret));
        Assert.That(first.Hash, Is.EqualTo(ApiKey.HashOf(firstSecret)).And.Not.EqualTo(firstSecret));
    }

    [Test]
    public void HashOf_KnownText_IsSha256() =>
        Assert.That(
            ApiKey.HashOf("abc"),
            Is.EqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}
