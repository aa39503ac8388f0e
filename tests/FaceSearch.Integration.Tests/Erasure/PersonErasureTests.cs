using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Jobs;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Integration.Tests.Erasure;

/// <summary>Erasures of a person while jobs run, and after a process has ended in the middle of one.</summary>
internal sealed class PersonErasureTests(DatabaseProvider provider) : ReembeddingFixture(provider)
{
    private const string Erin = "Erin_Example";

    private JobWorker ShortLane => Server.Services.GetServices<IHostedService>().OfType<JobWorker>()
        .Single(worker => worker.Lane == JobLane.Short);

    [Test]
    public async Task Erase_WhileAnArchiveRuns_SkipsTheRestOfHerPictures_AndDropsTheArchive()
    {
        await EnrolErinAsync();
        using var gate = new EngineGate(Server);
        var job = await StartAsync(() => PostZipAsync(Archives.Zip(
            [("Grace_Hopper_0001.png", StandInEncoders.Picture(70f)),
             .. Enumerable.Range(1, 20).Select(i => ($"{Erin}_{i:0000}.png", StandInEncoders.Picture(100f + i))),
             ("Grace Hopper/none.png", StandInEncoders.Picture())])));
        await gate.Reached;

        var erased = await EraseAsync();
        gate.Open();
        var ended = await EndAsync(job);

        Assert.That(erased.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            (ended.GetProperty("state").GetString(), ended.GetProperty("inserted").GetInt32(),
                ended.GetProperty("skipped").GetInt32(), ended.GetProperty("failed").GetInt32()),
            Is.EqualTo(("succeeded", 1, 20, 1)));
        var reasons = await WithAsync(db => db.EnrolmentItems.Where(item => item.Outcome == EnrolmentOutcome.Skipped)
            .Select(item => item.Reason + item.Name).Distinct().ToListAsync());
        Assert.That(reasons, Is.EqualTo(new[] { "person-erased" }), "without a name");
        await AssertNothingOfHerAsync();
        Assert.That(Directory.GetFiles(Server.UploadFolder), Is.Empty);
    }

    /// <summary>Without an item the job would enrol the picture again when it continues after a restart.</summary>
    [Test]
    public async Task Remove_AFaceOfAJobThatMayRunAgain_KeepsItsItemWithoutAName()
    {
        await EnrolErinAsync();
        var job = new EnrolmentJob { CollectionId = 1, CreatedAt = DateTime.UtcNow };
        var face = await WithAsync(async db =>
        {
            var image = await db.Images.Include(row => row.Faces).FirstAsync();
            db.EnrolmentJobs.Add(job);
            db.EnrolmentItems.Add(new EnrolmentItem
            {
                JobId = job.Id, Position = 7, Name = "Erin_Example_0001.png", Outcome = EnrolmentOutcome.Inserted, ImageId = image.Id,
            });
            await db.SaveChangesAsync(CancellationToken.None);
            await db.EnrolmentJobs.Where(row => row.Id == job.Id).ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Owner, "another").SetProperty(row => row.LeasedUntil, DateTime.UtcNow.AddHours(1)));
            return image.Faces.Single().Id;
        });

        var removed = await Client.DeleteAsync($"/v1/collections/default/faces/{face}");

        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        var item = await WithAsync(db => db.EnrolmentItems.SingleAsync(row => row.JobId == job.Id && row.Position == 7));
        Assert.That(
            (item.Name, item.ImageId, item.Outcome, item.Reason),
            Is.EqualTo(("", (long?)null, EnrolmentOutcome.Skipped, "picture-removed")));
    }

    [Test]
    public async Task Erase_BetweenReadingAndStoringABatch_RefusesTheBatch()
    {
        await EnrolErinAsync();
        var job = new EnrolmentJob
        {
            CollectionId = 1,
            Kind = EnrolmentJobKind.Reembedding,
            Model = StandInEncoders.SecondModelName,
            CreatedAt = DateTime.UtcNow,
        };
        await WithAsync(async db =>
        {
            db.EnrolmentJobs.Add(job);
            await db.SaveChangesAsync(CancellationToken.None);
            return await db.EnrolmentJobs.Where(row => row.Id == job.Id).ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Owner, "another").SetProperty(row => row.LeasedUntil, DateTime.UtcNow.AddHours(1)));
        });

        var stored = await WithAsync(async db =>
        {
            var read = await db.EnrolmentJobs.SingleAsync(row => row.Id == job.Id);
            await EraseAsync();
            read.Count([EnrolmentOutcome.Inserted], DateTime.UtcNow);
            return await db.TrySaveChangesAsync(CancellationToken.None);
        });

        Assert.That(stored, Is.False);
    }

    [Test]
    public async Task Erase_LongerThanTheWait_Is202_AndItsJobHasTheReceipt()
    {
        Server.Settings["Erasure:WaitSeconds"] = "0";
        var id = await EnrolErinAsync();
        await ShortLane.StopAsync(CancellationToken.None);

        var pending = await Client.DeleteAsync(PathOf(id));
        var job = pending.Headers.Location!.ToString();
        var refused = await Client.PostAsync(job + "/cancel", null);
        await ShortLane.StartAsync(CancellationToken.None);
        var ended = await EndAsync(job);
        var repeated = await Client.DeleteAsync(PathOf(id));

        Assert.That(pending.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That((await pending.ReadJsonAsync()).GetProperty("pendingJobId").GetString(), Is.EqualTo(job.Split('/')[^1]));
        Assert.That(ended.GetProperty("kind").GetString(), Is.EqualTo("personErasure"));
        Assert.That(await refused.ReadProblemAsync(), Is.EqualTo("job-not-cancellable"));
        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(repeated.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await repeated.ReadJsonAsync()).ToString(), Is.EqualTo(ended.GetProperty("receipt").ToString()));
    }

    [Test]
    public async Task RemoveFace_LongerThanTheWait_Is202WithItsJob()
    {
        Server.Settings["Erasure:WaitSeconds"] = "0";
        await EnrolAsync(2);
        await ShortLane.StopAsync(CancellationToken.None);
        var id = await WithAsync(db => db.Faces.Select(face => face.Id).FirstAsync());

        var pending = await Client.DeleteAsync($"/v1/collections/default/faces/{id}");
        await ShortLane.StartAsync(CancellationToken.None);
        var ended = await EndAsync(pending.Headers.Location!.ToString());

        Assert.That(pending.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(
            (ended.GetProperty("kind").GetString(), ended.GetProperty("state").GetString()),
            Is.EqualTo(("faceRemoval", "succeeded")));
    }

    /// <summary>Both removals see the other face unless one waits for the other.</summary>
    [Test]
    public async Task RemoveFaces_BothOfAPictureAtOnce_RemoveThePicture()
    {
        await EnrolAsync(1);
        await Client.PostPictureAsync("/v1/collections/default/faces?faces=all", StandInEncoders.Picture(60f, 61f), "two.png");
        var ids = await WithAsync(db => db.Faces.Where(face => face.Image.FileName == "two.png").Select(face => face.Id).ToListAsync());

        var removed = await Task.WhenAll(ids.Select(id => Client.DeleteAsync($"/v1/collections/default/faces/{id}")));

        Assert.That(removed.Select(answer => answer.IsSuccessStatusCode), Is.All.True);
        Assert.That(await WithAsync(db => db.Images.CountAsync(image => image.FileName == "two.png")), Is.Zero);
    }

    [Test, Category("Fault-C4")]
    public async Task ProcessEndsAfterTheCommit_AnotherFinishesTheErasure()
    {
        Server.Settings["Erasure:WaitSeconds"] = "0";
        var id = await EnrolErinAsync();
        await EndAsync(await StartAsync(() => PostZipAsync(Archives.Zip(
            ($"{Erin}_0002.png", StandInEncoders.Picture(8f)), ("none.png", StandInEncoders.Picture())))));
        await ShortLane.StopAsync(CancellationToken.None);
        var job = (await Client.DeleteAsync(PathOf(id))).Headers.Location!.ToString();
        Assert.That(Directory.GetFiles(Server.UploadFolder), Is.Not.Empty);

        using var other = ClientOf(NewServer());
        var ended = await EndAsync(job, other);

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(ended.GetProperty("receipt").GetProperty("archiveCount").GetInt32(), Is.EqualTo(1));
        Assert.That(Directory.GetFiles(Server.UploadFolder), Is.Empty);
        await AssertNothingOfHerAsync();
    }

    /// <summary>More failures than a job with pictures may have.</summary>
    [Test, Category("Fault-C4")]
    public async Task DutyThatFails_IsRepeatedUntilItIsDone()
    {
        Server.Settings["Erasure:WaitSeconds"] = "0";
        var left = 0;
        Server.Replacing = services => services.Replace(ServiceDescriptor.Singleton<IArchiveStore>(provider =>
            new StubbornArchives(provider.GetRequiredService<Infrastructure.Jobs.ArchiveEnrolment.ZipArchiveStore>(), () => left-- > 0)));
        var id = await EnrolErinAsync();
        await EndAsync(await StartAsync(() => PostZipAsync(Archives.Zip(("none.png", StandInEncoders.Picture())))));

        left = 5;
        var job = (await Client.DeleteAsync(PathOf(id))).Headers.Location!.ToString();
        JsonElement ended = default;
        await UntilAsync(async () =>
        {
            await WithAsync(db => db.EnrolmentJobs.ExecuteUpdateAsync(set => set.SetProperty(row => row.NotBefore, (DateTime?)null)));
            ended = await (await Client.GetAsync(job)).ReadJsonAsync();
            return ended.GetProperty("endedAt").ValueKind != JsonValueKind.Null;
        });

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That(left, Is.Negative);
        Assert.That(Directory.GetFiles(Server.UploadFolder), Is.Empty);
    }

    [TestCase("IMG_1.png", false)]
    [TestCase("Grace Hopper/none.png", true)]
    public async Task Erase_ArchiveWithAFailedPicture_IsKeptOnlyIfItsNameIsAnothers(string failed, bool isKept)
    {
        await EnrolErinAsync();
        await EndAsync(await StartAsync(() => PostZipAsync(Archives.Zip((failed, StandInEncoders.Picture())))));

        var receipt = await (await EraseAsync()).ReadJsonAsync();

        Assert.That(receipt.GetProperty("archiveCount").GetInt32(), Is.EqualTo(isKept ? 0 : 1));
        Assert.That(Directory.GetFiles(Server.UploadFolder), Has.Length.EqualTo(isKept ? 1 : 0));
    }

    [Test]
    public async Task Erase_WhileTheCollectionIsReembedded_LeavesNothing()
    {
        await EnrolErinAsync();
        using var gate = new EngineGate(Server);
        var job = await StartAsync(Reembed);
        await gate.Reached;

        var erased = await EraseAsync();
        gate.Open();
        var ended = await EndAsync(job);

        Assert.That(erased.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        await AssertNothingOfHerAsync();
        Assert.That(await WithAsync(db => db.FaceEmbeddings.CountAsync()), Is.EqualTo(11));
    }

    private static string PathOf(string personId) => $"/v1/collections/default/persons/{personId}";

    /// <summary>Twelve faces, one of them hers.</summary>
    private async Task<string> EnrolErinAsync()
    {
        await EnrolAsync(11);
        await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(50f), $"{Erin}_0001.png");
        return await IdAsync();
    }

    private async Task<string> IdAsync() =>
        (await (await Client.GetAsync("/v1/collections/default/persons?name=Erin%20Example")).ReadJsonAsync())
            .GetProperty("persons")[0].GetProperty("personId").GetString()!;

    private async Task<HttpResponseMessage> EraseAsync() => await Client.DeleteAsync(PathOf(await IdAsync()));

    private async Task AssertNothingOfHerAsync()
    {
        var left = await WithAsync(async db => new[]
        {
            await db.Persons.CountAsync(person => person.Name == "Erin Example"),
            await db.Images.CountAsync(image => image.FileName.Contains("Erin")),
            await db.EnrolmentItems.CountAsync(item => item.Name.Contains("Erin")),
        });
        Assert.That(left, Is.All.Zero);
        Assert.That(await CountMatchesAsync(Client, 50f), Is.Zero);
    }

    private sealed class StubbornArchives(IArchiveStore archives, Func<bool> fails) : IArchiveStore
    {
        public bool HasRoomFor(long bytes) => archives.HasRoomFor(bytes);

        public string NewTemporaryFile() => archives.NewTemporaryFile();

        public Result<int> Accept(string temporaryFile, Guid jobId) => archives.Accept(temporaryFile, jobId);

        public void Keep(string temporaryFile, Guid jobId) => archives.Keep(temporaryFile, jobId);

        public bool Has(Guid jobId) => archives.Has(jobId);

        public void Discard(Guid jobId)
        {
            if (fails())
                throw new IOException("The file is in use.");
            archives.Discard(jobId);
        }
    }
}
