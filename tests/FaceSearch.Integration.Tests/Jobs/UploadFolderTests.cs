using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>An upload folder whose volume is away for a while.</summary>
[Category("Fault-C11")]
internal sealed class UploadFolderTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private HttpClient client;

    private string Away => Server.UploadFolder + ".away";

    private JobWorker LongLane => Server.Services.GetServices<IHostedService>().OfType<JobWorker>()
        .Single(worker => worker.Lane == JobLane.Long);

    [SetUp]
    public async Task QueueAJobAsync()
    {
        client = Server.CreateClient();
        await LongLane.StopAsync(CancellationToken.None);
        using var accepted = await PostAsync();
        Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [TearDown]
    public void Close() => client?.Dispose();

    [Test]
    public async Task FolderIsAway_TheJobWaitsForIt()
    {
        Directory.Move(Server.UploadFolder, Away);
        await LongLane.StartAsync(CancellationToken.None);
        var waiting = await UntilAsync(job => job.HasEnded || job is { Waits: > 0, Owner: null });

        Directory.Move(Away, Server.UploadFolder);
        await WithAsync(db => db.EnrolmentJobs.ExecuteUpdateAsync(set => set.SetProperty(job => job.NotBefore, (DateTime?)null)));
        var ended = await UntilAsync(job => job.HasEnded);

        Assert.That((waiting.FailureCode, waiting.Attempts, waiting.LastError), Is.EqualTo(((string?)null, 0, "storage-unavailable")));
        Assert.That((ended.State, ended.Inserted), Is.EqualTo((EnrolmentJobState.Succeeded, 1)));
    }

    [Test]
    public async Task FolderIsAway_UploadsAreRefused_AndMakeNoOther()
    {
        Directory.Move(Server.UploadFolder, Away);

        using var refused = await PostAsync();

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await refused.ReadProblemAsync(), Is.EqualTo("storage-unavailable"));
        Assert.That(Directory.Exists(Server.UploadFolder), Is.False);
    }

    [Test]
    public async Task FileIsMissing_TheJobFails()
    {
        File.Delete(Directory.GetFiles(Server.UploadFolder).Single());
        await LongLane.StartAsync(CancellationToken.None);

        var ended = await UntilAsync(job => job.HasEnded);

        Assert.That(ended.FailureCode, Is.EqualTo("archive-lost"));
    }

    private Task<HttpResponseMessage> PostAsync() => client.PostAsync(
        "/v1/collections/default/jobs",
        new MultipartFormDataContent { { new ByteArrayContent(Archives.Zip(("a.png", StandInEncoders.Picture(1f)))), "file", "f.zip" } });

    private async Task<EnrolmentJob> UntilAsync(Func<EnrolmentJob, bool> holds)
    {
        EnrolmentJob? job = null;
        await EventuallyAsync(async () => holds(job = await WithAsync(db => db.EnrolmentJobs.AsNoTracking().SingleAsync())));
        return job!;
    }
}
