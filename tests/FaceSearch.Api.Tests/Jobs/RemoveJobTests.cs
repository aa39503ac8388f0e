using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Enrolment;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Api.Tests.Jobs;

/// <summary>DELETE of a job.</summary>
[Category("Fault-E5")]
internal sealed class RemoveJobTests : FacesFixture
{
    [Test]
    public async Task EndedJob_IsRemovedWithItsItems_AndItsFacesStay()
    {
        var job = await RunAsync();

        var removed = await Client.DeleteAsync($"/v1/jobs/{job}");

        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        await AssertProblemAsync(await Client.GetAsync($"/v1/jobs/{job}"), HttpStatusCode.NotFound, "job-not-found");
        await AssertProblemAsync(await Client.DeleteAsync($"/v1/jobs/{job}"), HttpStatusCode.NotFound, "job-not-found");
        Assert.That(await UseDatabaseAsync(db => db.EnrolmentItems.CountAsync(item => item.JobId == job)), Is.Zero);
        Assert.That(Directory.EnumerateFileSystemEntries(Server.UploadFolder), Is.Empty);
        Assert.That((await (await Client.GetAsync("/v1/collections/default")).ReadJsonAsync()).GetProperty("faceCount").GetInt32(), Is.Not.Zero);
    }

    [TestCase(EnrolmentJobKind.Archive, "job-not-ended")]
    [TestCase(EnrolmentJobKind.PersonErasure, "job-not-removable")]
    public async Task JobInUse_IsRefused(EnrolmentJobKind kind, string code)
    {
        var job = new EnrolmentJob { Kind = kind, CreatedAt = DateTime.UtcNow, CollectionName = "elsewhere" };
        await UseDatabaseAsync(async db =>
        {
            db.EnrolmentJobs.Add(job);
            await db.SaveChangesAsync(default);
            await db.EnrolmentJobs.Where(row => row.Id == job.Id).ExecuteUpdateAsync(set => set.SetProperty(
                row => row.NotBefore, DateTime.UtcNow.AddYears(1)));
            return job;
        });

        await AssertProblemAsync(await Client.DeleteAsync($"/v1/jobs/{job.Id}"), HttpStatusCode.Conflict, code);
        Assert.That((await Client.GetAsync($"/v1/jobs/{job.Id}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task KeyOfAnotherCollection_FindsNoJob()
    {
        var job = await RunAsync();
        using var bound = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All, null, CollectionName));

        await AssertProblemAsync(await bound.DeleteAsync($"/v1/jobs/{job}"), HttpStatusCode.NotFound, "job-not-found");
        Assert.That((await Client.GetAsync($"/v1/jobs/{job}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task<Guid> RunAsync()
    {
        var zip = Archives.Zip(("a.png", StandInEncoders.Picture(CollectionName, 1f)), ("none.png", StandInEncoders.Picture()));
        var done = await (await Client.PostPictureAsync("/add_faces_in_bulk", zip, "a.zip")).ReadJsonAsync();
        return done.GetProperty("jobId").GetGuid();
    }
}
