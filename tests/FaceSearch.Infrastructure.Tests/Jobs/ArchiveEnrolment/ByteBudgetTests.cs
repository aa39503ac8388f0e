using FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

namespace FaceSearch.Infrastructure.Tests.Jobs.ArchiveEnrolment;

[TestFixture]
internal sealed class ByteBudgetTests
{
    [Test]
    public async Task Take_BeyondTheLimit_WaitsUntilEnoughIsGivenBack()
    {
        using var budget = new ByteBudget(10);
        await budget.TakeAsync(3, CancellationToken.None);
        await budget.TakeAsync(7, CancellationToken.None);

        var next = budget.TakeAsync(4, CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False);
        budget.ReleaseOldest();
        Assert.That(next.IsCompleted, Is.False, "3 of 10 are free");
        budget.ReleaseOldest();

        await next;
    }

    [Test]
    public async Task Take_MoreThanTheLimit_IsLetThroughAlone()
    {
        using var budget = new ByteBudget(10);
        await budget.TakeAsync(25, CancellationToken.None);

        var next = budget.TakeAsync(1, CancellationToken.None);
        Assert.That(next.IsCompleted, Is.False);
        budget.ReleaseOldest();

        await next;
    }

    [Test]
    public async Task Take_Cancelled_StopsWaiting()
    {
        using var budget = new ByteBudget(1);
        await budget.TakeAsync(1, CancellationToken.None);
        using var stop = new CancellationTokenSource();

        var next = budget.TakeAsync(1, stop.Token);
        await stop.CancelAsync();

        Assert.That(async () => await next, Throws.InstanceOf<OperationCanceledException>());
    }
}
