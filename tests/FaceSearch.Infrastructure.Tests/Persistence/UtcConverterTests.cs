using FaceSearch.Infrastructure.Persistence.Mapping;

namespace FaceSearch.Infrastructure.Tests.Persistence;

/// <summary>A wrong conversion shows on a machine whose zone is not UTC.</summary>
[Category("Fault-B12")]
internal sealed class UtcConverterTests
{
    private static readonly DateTime Noon = new(2030, 1, 31, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void TimeWithoutAZone_IsInUtc() => AssertStored(DateTime.SpecifyKind(Noon, DateTimeKind.Unspecified));

    [Test]
    public void TimeInUtc_IsUnchanged() => AssertStored(Noon);

    [Test]
    public void TimeInTheServersZone_IsConverted() => AssertStored(Noon.ToLocalTime());

    private static void AssertStored(DateTime time)
    {
        var stored = (DateTime)new UtcConverter().ConvertToProvider(time)!;
        Assert.That((stored, stored.Kind), Is.EqualTo((Noon, DateTimeKind.Utc)));
    }
}
