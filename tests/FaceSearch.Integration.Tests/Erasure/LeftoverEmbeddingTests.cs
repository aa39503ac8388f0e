using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Jobs.Cleanup;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.Housekeeping;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.Erasure;

/// <summary>Two faces, each with its embedding and with those that re-embeddings have left.</summary>
[Category("Fault-D2")]
internal sealed class LeftoverEmbeddingTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private const string Own = StandInEncoders.ModelName;

    private static readonly DateTime Now = DateTime.UtcNow;

    private HttpClient client = null!;

    [SetUp]
    public async Task EnrolAsync()
    {
        Server.Settings["Enrolment:RunJobs"] = "false";
        client = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        foreach (var face in new[] { 1f, 2f })
            await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(face));
    }

    [TearDown]
    public void Close() => client.Dispose();

    [Test]
    public async Task Clean_ExpiredJob_DeletesWhatNoOtherJobNeeds()
    {
        await AddJobAsync("a", endedHoursAgo: 25);
        await AddJobAsync("b", endedHoursAgo: 25);
        await AddJobAsync("b", endedHoursAgo: 23);
        await AddJobAsync("c", endedHoursAgo: null);
        await LeaveAsync("a", "b", "c", "of no job");

        await CleanAsync();

        Assert.That(await ModelsAsync(), Is.EquivalentTo(new[] { Own, "b", "c" }));
        Assert.That(await WithAsync(db => db.EnrolmentJobs.CountAsync(job => job.EmbeddingsDropped)), Is.EqualTo(2));
    }

    [Test]
    public async Task Clean_ExpiredJobOfTheCollectionsOwnModel_KeepsIt()
    {
        await AddJobAsync(Own, endedHoursAgo: 25);

        await CleanAsync();

        Assert.That(await ModelsAsync(), Is.EqualTo(new[] { Own }));
        Assert.That(await WithAsync(db => db.FaceEmbeddings.CountAsync()), Is.EqualTo(2));
    }

    [Test]
    public async Task Delete_JobThatWasRetriedMeanwhile_KeepsItsEmbeddings()
    {
        var job = await AddJobAsync("a", endedHoursAgo: null);
        await LeaveAsync("a");

        await WithAsync(async db =>
        {
            await LeftoverEmbeddings.DeleteAsync(db, 1, job, onProgress: null, CancellationToken.None);
            return true;
        });

        Assert.That(await ModelsAsync(), Is.EquivalentTo(new[] { Own, "a" }));
    }

    [Test]
    public async Task RemovedJob_TakesItsEmbeddingsWithIt()
    {
        var job = await AddJobAsync("a", endedHoursAgo: 1);
        await LeaveAsync("a");

        using var removed = await client.DeleteAsync($"/v1/jobs/{job}");

        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await ModelsAsync(), Is.EqualTo(new[] { Own }));
    }

    private Task<bool> CleanAsync() => WithAsync(async db =>
    {
        await EmbeddingCleaner.CleanAsync(db, Now.AddHours(-24), CancellationToken.None);
        return true;
    });

    private Task<List<string>> ModelsAsync() => WithAsync(db => db.FaceEmbeddings.Select(of => of.Model).Distinct().ToListAsync());

    private async Task<Guid> AddJobAsync(string model, int? endedHoursAgo)
    {
        var job = new EnrolmentJob { CollectionId = 1, Kind = EnrolmentJobKind.Reembedding, Model = model, CreatedAt = Now };
        if (endedHoursAgo is { } hours)
            job.Fail("reembedding-incomplete", "why", Now.AddHours(-hours));
        await WithAsync(async db =>
        {
            db.EnrolmentJobs.Add(job);
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        return job.Id;
    }

    private Task<int> LeaveAsync(params string[] models) => WithAsync(async db =>
    {
        var faces = await db.Faces.Select(face => face.Id).ToListAsync();
        db.FaceEmbeddings.AddRange(faces.SelectMany(_ => models, (id, model) => new FaceEmbedding
        {
            FaceId = id, Model = model, Embedding = StandInEncoders.EmbeddingOf(3f),
        }));
        return await db.SaveChangesAsync(CancellationToken.None);
    });
}
