using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Collections;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Erasure;

internal sealed class CollectionRemovalTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private const string Name = "staff";

    private HttpClient admin;
    private long id;

    [SetUp]
    public async Task FillAsync()
    {
        Server.Settings["Enrolment:RunJobs"] = "false";
        admin = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        await SendAsync(new CreateCollectionCommand(Name, null));
        id = await WithAsync(db => db.Collections.Where(c => c.Name == Name).Select(c => c.Id).SingleAsync());
        for (var i = 1; i <= 3; i++)
            await admin.PostPictureAsync($"/v1/collections/{Name}/faces", StandInEncoders.Picture(i), $"Ada_Lovelace_000{i}.jpg");
        await admin.PostPictureAsync("/add_face", StandInEncoders.Picture(1f), "Ada_Lovelace_0001.jpg");
    }

    [TearDown]
    public void DropClient() => admin?.Dispose();

    [Test]
    public async Task Remove_TakesEverything_AndNothingElse()
    {
        var jobId = await AddJobAsync(ended: true);

        var answer = await admin.DeleteAsync($"/v1/collections/{Name}");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        await ExpectNothingLeftAsync();
        Assert.That(File.Exists(ArchiveOf(jobId)), Is.False);
        Assert.That(await IsIndexedAsync(Server), Is.False);
        Assert.That(await CountMatchesAsync(admin, 1f), Is.EqualTo(1));
    }

    [Test]
    public async Task Remove_LeavesTheIndexOfOtherServers()
    {
        var other = Database.NewServer();
        using var client = other.CreateClient();
        Assert.That(await EventuallyAsync(() => IsIndexedAsync(other)), Is.True);

        await admin.DeleteAsync($"/v1/collections/{Name}");

        Assert.That(await EventuallyAsync(async () => !await IsIndexedAsync(other)), Is.True);
        Assert.That(await CountMatchesAsync(client, 1f), Is.EqualTo(1));
    }

    [Test]
    public async Task Remove_Snapshot_IsGoneWithIt()
    {
        await Server.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHost>().StopAsync();
        using var second = Database.NewServer();
        using var client = second.CreateClient(await second.IssueKeyAsync(AccessScopes.All));
        var snapshot = Path.Combine(Database.Folder, "data", "index", $"{id}.faces");
        Assert.That(File.Exists(snapshot), Is.True);

        await client.DeleteAsync($"/v1/collections/{Name}");

        Assert.That(File.Exists(snapshot), Is.False);
    }

    [Test]
    public async Task Remove_WhileAJobIsQueued_IsRefusedAndChangesNothing()
    {
        await AddJobAsync(ended: false);
        var bound = await Server.IssueKeyAsync(AccessScopes.All, null, Name);

        var answer = await admin.DeleteAsync($"/v1/collections/{Name}");

        Assert.That(await answer.ReadProblemAsync(), Is.EqualTo("jobs-running"));
        Assert.That(await WithAsync(db => db.Faces.CountAsync(face => face.CollectionId == id)), Is.EqualTo(3));
        using var client = Server.CreateClient(bound);
        Assert.That((await client.GetAsync($"/v1/collections/{Name}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Remove_KeyBoundToItAlone_OpensNothingAfterwards()
    {
        await SendAsync(new CreateCollectionCommand("guests", null));
        var alone = await Server.IssueKeyAsync(AccessScopes.All, null, Name);
        var both = await Server.IssueKeyAsync(AccessScopes.All, null, Name, "guests");
        using var aloneClient = Server.CreateClient(alone);
        using var bothClient = Server.CreateClient(both);
        foreach (var client in new[] { aloneClient, bothClient })
            Assert.That((await client.GetAsync($"/v1/collections/{Name}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        await aloneClient.DeleteAsync($"/v1/collections/{Name}");

        Assert.That((await aloneClient.GetAsync("/v1/collections/default")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await bothClient.GetAsync("/v1/collections/default")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await bothClient.GetAsync("/v1/collections/guests")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        await admin.DeleteAsync("/v1/collections/guests");

        Assert.That((await bothClient.GetAsync("/v1/collections/default")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    /// <summary>A key bound to both collections, in any order of the two removals.</summary>
    [Test]
    public async Task Remove_TwoCollectionsAtOnce_LeaveNoKeyUnbound()
    {
        for (var round = 0; round < 5; round++)
        {
            string[] names = [$"a{round}", $"b{round}"];
            foreach (var name in names)
                await SendAsync(new CreateCollectionCommand(name, null));
            var key = await Server.IssueKeyAsync(AccessScopes.All, null, names);

            var answers = await Task.WhenAll(names.Select(name => admin.DeleteAsync($"/v1/collections/{name}")));

            Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.NoContent));
            using var client = Server.CreateClient(key);
            Assert.That((await client.GetAsync("/v1/collections/default")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }
    }

    [Test]
    public async Task Remove_TakesLongerThanItsWait_AnswersTheJob_WhichEndsIt()
    {
        var impatient = Database.NewServer();
        impatient.Settings["Erasure:WaitSeconds"] = "0";
        using var client = impatient.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));

        var answer = await client.DeleteAsync($"/v1/collections/{Name}");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That((await client.GetAsync($"/v1/collections/{Name}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        var job = await (await admin.GetAsync(answer.Headers.Location)).ReadJsonAsync();
        Assert.That(job.GetProperty("kind").GetString(), Is.EqualTo("collectionRemoval"));
        Assert.That(job.GetProperty("collection").GetString(), Is.EqualTo(Name));
        await ExpectJobSucceedsAsync(answer.Headers.Location!);
        await ExpectNothingLeftAsync();
    }

    [Test]
    public async Task Remove_TheProcessEndsMeanwhile_AnotherCompletesIt()
    {
        // What the removal has committed when its process ends.
        var removal = new EnrolmentJob
        {
            Kind = EnrolmentJobKind.CollectionRemoval,
            SubjectId = id,
            CollectionName = Name,
            CreatedAt = DateTime.UtcNow,
        };
        await WithAsync(async db =>
        {
            await db.Collections.Where(c => c.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Name, Collection.RemovedNameOf(id)));
            db.EnrolmentJobs.Add(removal);
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        await ExpectJobSucceedsAsync(new Uri($"/v1/jobs/{removal.Id}", UriKind.Relative));
        await ExpectNothingLeftAsync();
    }

    [Test]
    public async Task Remove_ProcessOfAnErasureHasEnded_DoesNotWaitForIt()
    {
        var erasure = new EnrolmentJob { CollectionId = id, Kind = EnrolmentJobKind.FaceRemoval, SubjectId = 1, CreatedAt = DateTime.UtcNow };
        await WithAsync(async db =>
        {
            db.EnrolmentJobs.Add(erasure);
            await db.SaveChangesAsync(CancellationToken.None);
            return await db.EnrolmentJobs.Where(job => job.Id == erasure.Id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(job => job.Owner, "ended")
                    .SetProperty(job => job.LeasedUntil, DateTime.UtcNow.AddMinutes(-1))
                    .SetProperty(job => job.NotBefore, DateTime.UtcNow.AddDays(1)));
        });

        var answer = await admin.DeleteAsync($"/v1/collections/{Name}");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        await ExpectNothingLeftAsync();
    }

    [Test]
    public async Task Remove_BegunByAnOlderVersion_IsCompleted()
    {
        var jobId = await AddJobAsync(ended: false);
        await WithAsync(db => db.Collections.Where(c => c.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Name, Collection.RemovedNameOf(id))));

        var hidden = await admin.GetAsync($"/v1/collections/{Collection.RemovedNameOf(id)}");
        var listed = await admin.GetStringAsync("/v1/collections");
        var swept = await SendAsync(new SweepRemovedCollectionsCommand());

        Assert.That(await hidden.ReadProblemAsync(), Is.EqualTo("collection-not-found"));
        Assert.That(listed, Does.Not.Contain("~"));
        Assert.That(swept, Is.EqualTo(1));
        var removal = await WithAsync(db => db.EnrolmentJobs.SingleAsync(job => job.Kind == EnrolmentJobKind.CollectionRemoval));
        await ExpectJobSucceedsAsync(new Uri($"/v1/jobs/{removal.Id}", UriKind.Relative));
        await ExpectNothingLeftAsync();
        Assert.That(File.Exists(ArchiveOf(jobId)), Is.False);
        Assert.That(await SendAsync(new SweepRemovedCollectionsCommand()), Is.Zero);
    }

    private async Task ExpectJobSucceedsAsync(Uri job) => Assert.That(
        await EventuallyAsync(
            async () => (await (await admin.GetAsync(job)).ReadJsonAsync()).GetProperty("state").GetString() == "succeeded"),
        Is.True);

    private async Task ExpectNothingLeftAsync()
    {
        var left = await WithAsync(async db => new[]
        {
            await db.Collections.CountAsync(c => c.Id == id),
            await db.Images.CountAsync(image => image.CollectionId == id),
            await db.Faces.CountAsync(face => face.CollectionId == id),
            await db.Persons.CountAsync(person => person.CollectionId == id),
            await db.EnrolmentJobs.CountAsync(job => job.CollectionId == id),
            await db.EnrolmentItems.CountAsync(),
            await db.FaceEmbeddings.CountAsync() - 1,
            await db.FaceTags.CountAsync(),
            await db.PersonExclusions.CountAsync(),
            await ((DbContext)db).Set<Domain.Faces.ImageContent>().CountAsync() - 1,
            await db.Images.CountAsync() - 1,
        });
        Assert.That(left, Is.All.Zero);
    }

    /// <summary>With an item, an archive, and a tag, an exclusion and an embedding of another model on a face.</summary>
    private async Task<Guid> AddJobAsync(bool ended)
    {
        var job = new EnrolmentJob { CollectionId = id, CreatedAt = DateTime.UtcNow };
        if (ended)
        {
            job.Start(1, DateTime.UtcNow);
            job.Succeed(DateTime.UtcNow);
        }

        await WithAsync(async db =>
        {
            var face = await db.Faces.FirstAsync(f => f.CollectionId == id);
            var person = await db.Persons.FirstAsync(p => p.CollectionId == id);
            db.EnrolmentJobs.Add(job);
            db.EnrolmentItems.Add(new EnrolmentItem { JobId = job.Id, Position = 0, Name = "a", Outcome = EnrolmentOutcome.Inserted });
            db.EnrolmentItems.Add(new EnrolmentItem { JobId = job.Id, Position = 5000, Name = "b", Outcome = EnrolmentOutcome.Failed });
            db.FaceTags.Add(new FaceTag { FaceId = face.Id, Tag = "t" });
            db.PersonExclusions.Add(new PersonExclusion { FaceId = face.Id, PersonId = person.Id, CreatedAt = DateTime.UtcNow });
            if (!await db.FaceEmbeddings.AnyAsync(of => of.FaceId == face.Id && of.Model == StandInEncoders.SecondModelName))
                db.FaceEmbeddings.Add(StandInEncoders.SecondRowOf(face.Id, 1f));
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        Directory.CreateDirectory(Server.UploadFolder);
        await File.WriteAllTextAsync(ArchiveOf(job.Id), "a zip");
        return job.Id;
    }

    private string ArchiveOf(Guid jobId) => Path.Combine(Server.UploadFolder, $"{jobId:N}.zip");

    private async Task<bool> IsIndexedAsync(TestServer server)
    {
        var gallery = server.Services.GetRequiredService<IFaceGallery>();
        return (await gallery.SearchAsync(id, [StandInEncoders.EmbeddingOf(1f)], 1, 0.1f))[0].Count == 1;
    }

    private async Task<T> SendAsync<T>(ICommand<Application.Results.Result<T>> command)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ISender>().Send(command)).Value;
    }
}
