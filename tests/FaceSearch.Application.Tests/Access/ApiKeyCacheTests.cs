using FaceSearch.Application.Access;
using FaceSearch.Domain.Access;
using Microsoft.Extensions.Time.Testing;

namespace FaceSearch.Application.Tests.Access;

internal sealed class VerifiedKeysTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private ApiKeyCache keys = null!;
    private VerifiedKey key = null!;
    private string secret = null!;

    [SetUp]
    public void Create()
    {
        keys = new ApiKeyCache(time);
        key = VerifiedKey.From(ApiKey.Issue(
            "k", AccessScopes.Read, Now, out secret, Now.AddHours(1), [7]));
    }

    [Test]
    public void Find_KeyJustSeen_IsTheKey()
    {
        keys.Add(key, keys.BeginLookUp());

        Assert.That(keys.Find(secret), Is.SameAs(key));
        Assert.That(keys.Find(secret + "0"), Is.Null);
    }

    [Test]
    public void Find_KeyBeyondItsTrustPeriod_ReadsTheDatabase()
    {
        keys.Add(key, keys.BeginLookUp());

        time.Advance(ApiKeyCache.MaxAge);
        Assert.That(keys.Find(secret), Is.Not.Null);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.That(keys.Find(secret), Is.Null);
    }

    [Test]
    public void Forget_TakesEveryKey()
    {
        keys.Add(key, keys.BeginLookUp());

        keys.Forget();

        Assert.That(keys.Find(secret), Is.Null);
    }

    /// <summary>The database answers before the key is revoked, and the answer arrives afterwards.</summary>
    [Test]
    public void Forget_DuringALookUp_IsNotUndone()
    {
        var lookUp = keys.BeginLookUp();
        keys.Forget();

        keys.Add(key, lookUp);

        Assert.That(keys.Find(secret), Is.Null);
    }

    [Test]
    public void HasExpired_IsExact()
    {
        Assert.That(key.HasExpired(Now.AddHours(1).AddTicks(-1)), Is.False);
        Assert.That(key.HasExpired(Now.AddHours(1)), Is.True);
        Assert.That((key with { ExpiresAt = null }).HasExpired(DateTime.MaxValue), Is.False);
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;
}
