using FaceSearch.Infrastructure.Jobs;
using Microsoft.Data.Sqlite;

namespace FaceSearch.Infrastructure.Tests.Jobs;

[Category("Fault-A5")]
internal sealed class EngineFailuresTests
{
    private static readonly Exception[] OfTheMachine =
    [
        new InsufficientMemoryException(), new OperationCanceledException(),
        new ObjectDisposedException("session"), new SqliteException("busy", 5), new DllNotFoundException(),
        new AggregateException(new InsufficientMemoryException()),
    ];

    [TestCaseSource(nameof(OfTheMachine))]
    public void IsOfPicture_ErrorOfTheMachine_IsFalse(Exception exception) =>
        Assert.That(EngineFailures.IsOfPicture(exception), Is.False);

    [Test]
    public void IsOfPicture_AnyOther_IsTrue() =>
        Assert.That(EngineFailures.IsOfPicture(new AggregateException(new InvalidOperationException())));
}
