using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Housekeeping;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Erasure;

internal sealed class ArchiveCleanerTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private static readonly DateTime Now = DateTime.UtcNow;

    [SetUp]
    public void RunNoJobs() => Server.Settings["Enrolment:RunJobs"] = "false";

    [Test]
    public async Task Clean_EveryKindOfFile_DeletesWhatNoJobNeeds()
    {
        using var client = Server.CreateClient();
        var cleaner = Server.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<ArchiveCleaner>().Single();
        var queued = await JobAsync(_ => { });
        var retryable = await JobAsync(job => job.Fail("job-broken", "why", Now.AddHours(-23)));
        var over = await JobAsync(job => job.Fail("job-broken", "why", Now.AddHours(-25)));
        string[] kept =
        [
            Leave($"{queued:N}.zip", hours: 100), Leave($"{retryable:N}.zip", hours: 23), Leave($"{Guid.NewGuid():N}.zip", hours: 0),
            Leave($"{Guid.NewGuid():N}.part", hours: 0),
        ];
        Leave($"{over:N}.zip", hours: 25);
        Leave($"{Guid.NewGuid():N}.zip", hours: 2);
        Leave($"{Guid.NewGuid():N}.part", hours: 2);

        await cleaner.CleanAsync(CancellationToken.None);

        Assert.That(Directory.EnumerateFiles(Server.UploadFolder), Is.EquivalentTo(kept));
    }

    private async Task<Guid> JobAsync(Action<EnrolmentJob> end)
    {
        var job = new EnrolmentJob { CollectionId = 1, CreatedAt = Now };
        job.Start(1, Now);
        end(job);
        await WithAsync(async db =>
        {
            db.EnrolmentJobs.Add(job);
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        return job.Id;
    }

    private string Leave(string name, int hours)
    {
        Directory.CreateDirectory(Server.UploadFolder);
        var path = Path.Combine(Server.UploadFolder, name);
        File.WriteAllText(path, "zip");
        File.SetLastWriteTimeUtc(path, Now.AddHours(-hours));
        return path;
    }
}
