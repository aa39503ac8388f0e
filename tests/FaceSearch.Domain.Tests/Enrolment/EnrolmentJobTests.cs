using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Domain.Tests.Enrolment;

internal sealed class EnrolmentJobTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Test]
    public void Count_EachOutcome_GoesToItsOwnCounter()
    {
        var job = Running();

        job.Count(
            [
                EnrolmentOutcome.Inserted, EnrolmentOutcome.Inserted, EnrolmentOutcome.Duplicate,
                EnrolmentOutcome.Failed, EnrolmentOutcome.Skipped,
            ],
            Now);

        Assert.That((job.Inserted, job.Duplicates, job.Failed, job.Skipped), Is.EqualTo((2, 1, 1, 1)));
        Assert.That(job.Done, Is.EqualTo(5));
    }

    [Test]
    public void Start_AgainAfterARestart_KeepsTheFirstTime()
    {
        var job = Running();

        job.Start(5, Now.AddHours(1));

        Assert.That(job.StartedAt, Is.EqualTo(Now));
        Assert.That(job.State, Is.EqualTo(EnrolmentJobState.Running));
    }

    [Test]
    public void TakeStock_WorkThatGrew_CountsItAndKeepsThePace()
    {
        var job = Running();
        job.Count([EnrolmentOutcome.Inserted, EnrolmentOutcome.Inserted, EnrolmentOutcome.Failed], Now.AddSeconds(3));
        var pace = job.PicturesPerSecond;

        job.SetProgress(total: 100, inserted: 40, failed: 2);

        Assert.That((job.Total, job.Inserted, job.Failed, job.Done), Is.EqualTo((100, 40, 2, 42)));
        Assert.That(job.PicturesPerSecond, Is.EqualTo(pace));
    }

    [Test]
    public void Succeed_RunningJob_Ends()
    {
        var job = Running();

        job.Succeed(Now.AddMinutes(1));

        Assert.That(job.HasEnded, Is.True);
        Assert.That(job.EndedAt, Is.EqualTo(Now.AddMinutes(1)));
    }

    [Test]
    public void Fail_LongReason_IsCutToFit()
    {
        var job = Running();

        job.Fail("code", new string('x', 1000), Now);

        Assert.That(job.State, Is.EqualTo(EnrolmentJobState.Failed));
        Assert.That(job.Failure, Has.Length.EqualTo(EnrolmentJob.FailureMaxLength));
        Assert.That(job.FailureCode, Is.EqualTo("code"));
    }

    [Test]
    public void AnyChange_EndedJob_IsRefused()
    {
        var job = Running();
        job.Succeed(Now);

        Assert.That(() => job.Count([EnrolmentOutcome.Inserted], Now), Throws.InvalidOperationException);
        Assert.That(() => job.Start(1, Now), Throws.InvalidOperationException);
        Assert.That(() => job.Fail("code", "why", Now), Throws.InvalidOperationException);
        Assert.That(() => job.Cancel(Now), Throws.InvalidOperationException);
        Assert.That(() => job.Stop(Now), Throws.InvalidOperationException);
    }

    [Test]
    public void Progress_RunningJob_TellsPaceAndTimeLeft()
    {
        var job = new EnrolmentJob();
        job.Start(100, Now);
        Assert.That((job.PicturesPerSecond, job.TimeLeft), Is.EqualTo(((double?)null, (TimeSpan?)null)));

        job.Count(Enumerable.Repeat(EnrolmentOutcome.Inserted, 20), Now.AddSeconds(10));

        Assert.That(job.PicturesPerSecond, Is.EqualTo(2));
        Assert.That(job.TimeLeft, Is.EqualTo(TimeSpan.FromSeconds(40)));
    }

    [Test]
    public void Progress_AfterARestart_IsThePaceOfThePresentRun()
    {
        var job = new EnrolmentJob();
        job.Start(100, Now);
        job.Count(Enumerable.Repeat(EnrolmentOutcome.Inserted, 20), Now.AddSeconds(10));

        job.Start(100, Now.AddHours(1));
        Assert.That(job.PicturesPerSecond, Is.Null);
        job.Count(Enumerable.Repeat(EnrolmentOutcome.Failed, 50), Now.AddHours(1).AddSeconds(10));

        Assert.That(job.PicturesPerSecond, Is.EqualTo(5));
        Assert.That(job.TimeLeft, Is.EqualTo(TimeSpan.FromSeconds(6)));
    }

    [Test]
    public void Cancel_QueuedJob_EndsAtOnce()
    {
        var job = new EnrolmentJob();

        job.Cancel(Now);

        Assert.That(job.State, Is.EqualTo(EnrolmentJobState.Cancelled));
        Assert.That(job.EndedAt, Is.EqualTo(Now));
    }

    [Test]
    public void Retry_EndedJob_IsQueuedAgainWithoutItsFailures()
    {
        var job = Running();
        job.Count([EnrolmentOutcome.Inserted, EnrolmentOutcome.Failed], Now);
        job.Fail("code", "why", Now);

        job.Retry();

        Assert.That(job.State, Is.EqualTo(EnrolmentJobState.Queued));
        Assert.That((job.Inserted, job.Failed), Is.EqualTo((1, 0)));
        Assert.That((job.FailureCode, job.Failure, job.EndedAt), Is.EqualTo(((string?)null, (string?)null, (DateTime?)null)));
    }

    [Test]
    public void Count_Nothing_IsNoProgress()
    {
        var job = Running();

        job.Count([], Now);
        Assert.That(job.ProgressMark, Is.Zero);
        job.Count([EnrolmentOutcome.Failed], Now);

        Assert.That((job.ProgressMark, job.Attempts, job.Waits), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void Break_KeepsTheError_AndRetryForgetsIt()
    {
        var job = Running();

        job.Break("IOException", "why", Now);
        Assert.That((job.FailureCode, job.LastError), Is.EqualTo(("job-broken", "IOException")));
        job.Retry();

        Assert.That((job.LastError, job.NotBefore), Is.EqualTo(((string?)null, (DateTime?)null)));
    }

    [Test]
    public void ErasedName_DependsOnJobAndName()
    {
        var (job, other) = (Guid.NewGuid(), Guid.NewGuid());
        var hash = ErasedName.HashOf(job, "Jos\u00e9 P");

        Assert.That(ErasedName.HashOf(job, "Jos\u00e9 P"), Is.EqualTo(hash));
        Assert.That(ErasedName.HashOf(job, "Jose P"), Is.Not.EqualTo(hash));
        Assert.That(ErasedName.HashOf(other, "Jos\u00e9 P"), Is.Not.EqualTo(hash));
        Assert.That(hash, Has.Length.EqualTo(ErasedName.HashLength));
    }

    [Test]
    public void Retry_JobThatHasNotEnded_IsRefused() =>
        Assert.That(() => Running().Retry(), Throws.InvalidOperationException);

    [Test]
    public void Shorten_LongName_KeepsItsEnd()
    {
        var name = new string('a', EnrolmentItem.NameMaxLength) + "/end.jpg";

        Assert.That(EnrolmentItem.Shorten(name), Has.Length.EqualTo(EnrolmentItem.NameMaxLength).And.EndsWith("/end.jpg"));
        Assert.That(EnrolmentItem.Shorten("short.jpg"), Is.EqualTo("short.jpg"));
    }

    private static EnrolmentJob Running()
    {
        var job = new EnrolmentJob();
        job.Start(5, Now);
        return job;
    }
}
