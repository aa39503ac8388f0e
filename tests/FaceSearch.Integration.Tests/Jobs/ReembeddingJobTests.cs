using System.Net;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Idempotency;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>Reembedding jobs: what they change, when they are refused or fail, and how they go on after an interruption.</summary>
internal sealed class ReembeddingJobTests(DatabaseProvider provider) : ReembeddingFixture(provider)
{
    [Test]
    public async Task ServerDies_AnotherResumesTheJob()
    {
        await EnrolAsync(Faces);
        var heir = NewServer();
        using var gate = new EngineGate(40, Server);
        var job = await StartAsync(Reembed);
        await gate.Reached;
        await UntilAsync(async () => await WithAsync(db => db.FaceEmbeddings.AnyAsync(of => of.Model == StandInEncoders.SecondModelName)));

        // Like a hanging process: its lease expires, and it continues when another process owns the job.
        var worked = 0;
        heir.Encoders.BeforeWork = () => Task.FromResult(Interlocked.Increment(ref worked));
        var worker = Server.Services.GetServices<IHostedService>().OfType<JobWorker>().Single(w => w.Lane == JobLane.Long);
        await worker.StopAsync(new CancellationToken(canceled: true));
        using var heirClient = ClientOf(heir);
        var ended = await EndAsync(job, heirClient);
        gate.Open();

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(Faces));
        Assert.That(worked, Is.LessThan(Faces));
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
        await UntilSearchedByAsync(Client, StandInEncoders.SecondModelName);
    }

    [Test]
    public async Task Cancel_KeepsTheCollection_AndRetryGoesOn()
    {
        await EnrolAsync(Faces);
        using var gate = new EngineGate(40, Server);
        var job = await StartAsync(Reembed);
        await gate.Reached;

        var cancelled = await Client.PostAsync(job + "/cancel", null);
        gate.Open();
        var stopped = await EndAsync(job);

        Assert.That(cancelled.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(stopped.GetProperty("state").GetString(), Is.EqualTo("cancelled"));
        await AssertAllAreOfAsync(StandInEncoders.ModelName);
        Assert.That(await CountMatchesAsync(Client, 1f), Is.EqualTo(1));

        var retried = await Client.PostAsync(job + "/retry", null);
        var ended = await EndAsync(job);

        Assert.That(retried.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(Faces));
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
    }

    [Test]
    public async Task FacesThatFail_FailTheJob_UnlessTheyAreToBeDropped()
    {
        await EnrolAsync(20);
        await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(StandInEncoders.HiddenFromSecond, 300f), "hidden.png");
        await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(301f), "gone.png");
        await WithAsync(db => db.Images.Where(image => image.FileName == "gone.png")
            .Select(image => image.Content!).ExecuteDeleteAsync());

        var failed = await EndAsync(await StartAsync(Reembed));
        var items = (await GetAsync($"/v1/jobs/{failed.GetProperty("jobId").GetString()}/items")).GetProperty("items");

        Assert.That(failed.GetProperty("state").GetString(), Is.EqualTo("failed"));
        Assert.That(failed.GetProperty("failureCode").GetString(), Is.EqualTo("reembedding-incomplete"));
        Assert.That(
            items.EnumerateArray().Select(item => $"{item.GetProperty("name")} {item.GetProperty("reason")}"),
            Is.EqualTo(new[] { "hidden.png face-not-found", "gone.png picture-not-kept" }));
        await AssertAllAreOfAsync(StandInEncoders.ModelName);
        Assert.That(await CountMatchesAsync(Client, 300f), Is.EqualTo(1));

        var ended = await EndAsync(await StartAsync(Reembed + "&dropFailed=true"));

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That((ended.GetProperty("inserted").GetInt32(), ended.GetProperty("failed").GetInt32()), Is.EqualTo((20, 2)));
        Assert.That(await WithAsync(db => db.Images.CountAsync()), Is.EqualTo(20));
        Assert.That(await WithAsync(db => db.FaceRemovals.CountAsync()), Is.EqualTo(2));
        await UntilSearchedByAsync(Client, StandInEncoders.SecondModelName);
        Assert.That(await CountMatchesAsync(Client, 300f) + await CountMatchesAsync(Client, 301f), Is.Zero);
        Assert.That(await CountMatchesAsync(Client, 5f), Is.EqualTo(1));
    }

    [Test, Category("Fault-A5")]
    public async Task PictureThatMakesTheEngineThrow_FailsAlone()
    {
        await EnrolAsync(20);
        Server.Encoders.BeforeEmbed = face =>
        {
            if (face == 7f)
                throw new InvalidOperationException("The engine can't compute this picture.");
        };

        var ended = await EndAsync(await StartAsync(Reembed + "&dropFailed=true"));

        var reasons = await WithAsync(db => db.EnrolmentItems.AsNoTracking()
            .Where(item => item.Reason == "engine-error").Select(item => item.Name).ToListAsync());
        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That((ended.GetProperty("inserted").GetInt32(), ended.GetProperty("failed").GetInt32()), Is.EqualTo((19, 1)));
        Assert.That(reasons, Is.EqualTo(new[] { "p7.png" }));
    }

    [Test, Category("Fault-C6")]
    public async Task DroppedFaces_LeaveNoItemOfOtherJobs_NorAnswer()
    {
        await EnrolAsync(20);
        Server.Encoders.BeforeEmbed = face =>
        {
            if (face is 7f or 8f)
                throw new InvalidOperationException("The engine can't compute this picture.");
        };
        await WithAsync(async db =>
        {
            var faces = await db.Faces.Where(face => face.Image.FileName == "p7.png" || face.Image.FileName == "p9.png")
                .Select(face => new { face.Id, face.Image.FileName }).ToListAsync();
            db.IdempotentRequests.AddRange(faces.Select(face => new IdempotentRequest
            {
                Key = face.FileName, RequestHash = new string('0', 64), CreatedAt = DateTime.UtcNow, Status = 200,
                Body = Encoding.UTF8.GetBytes($$"""{"faceId":"{{face.Id}}"}"""),
            }));
            return await db.SaveChangesAsync(default);
        });

        var ended = await EndAsync(await StartAsync(Reembed + "&dropFailed=true"));

        var jobId = ended.GetProperty("jobId").GetGuid();
        var items = await WithAsync(db => db.EnrolmentItems.AsNoTracking()
            .Where(item => item.Name == "p7.png" || item.Name == "p8.png" || item.Reason == "picture-removed").ToListAsync());
        Assert.That(items.Select(item => (item.JobId, item.Reason)), Is.EqualTo(new[] { (jobId, "engine-error"), (jobId, "engine-error") }));
        Assert.That(await WithAsync(db => db.EnrolmentItems.CountAsync(item => item.JobId != jobId)), Is.EqualTo(18));
        Assert.That(
            await WithAsync(db => db.IdempotentRequests.Select(answer => answer.Key).ToListAsync()), Is.EqualTo(new[] { "p9.png" }));
        Assert.That(await EventuallyAsync(() => WithAsync(db => db.EnrolmentJobs.AnyAsync(
            job => job.Kind == EnrolmentJobKind.FaceRemoval && job.State == EnrolmentJobState.Succeeded))), Is.True);
    }

    [Test]
    public async Task SeveralFacesOfAPicture_EachGetsItsOwn()
    {
        await EnrolAsync(1);
        await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(50f, 60f));
        await WithAsync(async db =>
        {
            var image = await db.Images.Include(i => i.Faces).OrderByDescending(i => i.Id).FirstAsync();
            var second = Server.Encoders.Detect(StandInEncoders.Picture(50f, 60f), CancellationToken.None).Value.Faces[1];
            image.Faces.Add(new Domain.Faces.Face
            {
                CollectionId = image.CollectionId,
                Box = second.Box with { X = second.Box.X + 2 },
                Embeddings = { StandInEncoders.RowOf(60f) },
            });
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        var ended = await EndAsync(await StartAsync(Reembed));

        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(2), ended.ToString());
        var embeddings = await WithAsync(db => db.FaceEmbeddings.OrderBy(of => of.FaceId).Select(of => of.Embedding).ToListAsync());
        Assert.That(embeddings.Select(embedding => embedding.Values[1]), Is.EqualTo(new[] { 1f, 50f, 60f }));
    }

    // As an earlier version stored it: a third of the box is in the picture.
    [Test, Category("Fault-F5")]
    public async Task StoredBoxPastTheBorder_IsFoundAgain()
    {
        await EnrolAsync(1);
        await WithAsync(db => db.Faces.ExecuteUpdateAsync(row => row.SetProperty(
            face => face.Box, new Domain.Faces.BoundingBox(270, 190, 100, 900))));

        var ended = await EndAsync(await StartAsync(Reembed));

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
    }

    [Test]
    public async Task Refusals_NameTheReason()
    {
        await EnrolAsync(30);
        using var gate = new EngineGate(Server);
        var running = await StartAsync(Reembed);
        await gate.Reached;

        await AssertRefusedAsync(Reembed, HttpStatusCode.Conflict, "jobs-running");
        await AssertRefusedAsync("/v1/collections/default/reembed?profile=stand-in", HttpStatusCode.Conflict, "same-model");
        await AssertRefusedAsync("/v1/collections/default/reembed?profile=none", HttpStatusCode.BadRequest, "unknown-profile");
        await AssertRefusedAsync("/v1/collections/none/reembed", HttpStatusCode.NotFound, "collection-not-found");

        gate.Open();
        await EndAsync(running);
        await WithAsync(db => db.Images.Select(image => image.Content!).ExecuteDeleteAsync());
        await AssertRefusedAsync("/v1/collections/default/reembed?profile=stand-in", HttpStatusCode.Conflict, "pictures-not-kept");
    }

    [Test]
    public async Task Restart_AfterTheSwitch_DoesNotUseTheOldSnapshot()
    {
        await EnrolAsync(5);
        var other = NewServer();
        using (ClientOf(other))
            await other.DisposeAsync();
        Assert.That(Directory.GetFiles(Path.Combine(Database.Folder, "data", "index")), Is.Not.Empty);

        var snapshot = Directory.GetFiles(Path.Combine(Database.Folder, "data", "index")).Single();
        var old = await File.ReadAllBytesAsync(snapshot);
        await EndAsync(await StartAsync(Reembed));
        await UntilSearchedByAsync(Client, StandInEncoders.SecondModelName);
        await UntilAsync(() => !File.Exists(snapshot));
        await File.WriteAllBytesAsync(snapshot, old);

        var late = NewServer();
        using var lateClient = ClientOf(late);
        Assert.That(await CountMatchesAsync(lateClient, 3f), Is.EqualTo(1));
        Assert.That(await ModelOfASearchAsync(lateClient), Is.EqualTo(StandInEncoders.SecondModelName));
    }

    private async Task<JsonElement> GetAsync(string path) => await (await Client.GetAsync(path)).ReadJsonAsync();

    private async Task AssertRefusedAsync(string path, HttpStatusCode status, string code)
    {
        using var response = await Client.PostAsync(path, null);
        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":" + code));
    }
}
