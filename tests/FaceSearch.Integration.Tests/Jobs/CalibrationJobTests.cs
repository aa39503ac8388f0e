using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>The request, its job and the stored measurement.</summary>
[Category("Fault-D5")]
internal sealed class CalibrationJobTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private static readonly WantedFace[] Wanted =
    [
        new(0f, 0, "Ada"), new(0.5f, 0, "Ada"), new(1f, 0, "Alan"), new(1.25f, 0, "Alan"), new(7f),
    ];

    private StoredGallery gallery = null!;
    private HttpClient client = null!;
    private string key = string.Empty;

    [TearDown]
    public void Close() => client?.Dispose();

    [Test]
    public async Task Stored_EqualsTheDistancesOfTheFaces()
    {
        await StartAsync();

        var json = await CalibrateAsync("?falseMatchRate=0.25&steps=5");
        var row = await RowAsync();

        Assert.That((row.Faces, row.Persons, row.PersonsWithSeveralFaces, row.IsSampled), Is.EqualTo((5, 2, 2, false)));
        Assert.That(json.GetProperty("pairs").GetRawText(), Is.EqualTo("""{"sameCount":2,"differentCount":4,"sampled":false}"""));
        Assert.That(
            json.GetProperty("rates").EnumerateArray().Select(rate => rate.GetProperty("falseMatchRate").GetDouble()),
            Is.EqualTo(new[] { 0, 0.25, 0.5, 0.75, 1 }), "0.5, 0.75, 1 and 1.25 at a step of 0.25");
        Assert.That(json.GetProperty("measuredAt").GetDateTime(), Is.EqualTo(row.MeasuredAt).Within(TimeSpan.FromMilliseconds(1)));
        Assert.That(await StatesAsync(), Is.EqualTo(new[] { EnrolmentJobState.Succeeded }));
    }

    [Test]
    public async Task SecondRequestWithinTheMinute_WithAnotherRate_StartsNoJob()
    {
        await StartAsync();
        var first = await CalibrateAsync("?falseMatchRate=0.25");

        var second = await CalibrateAsync("?falseMatchRate=0.5");

        Assert.That(await StatesAsync(), Has.Count.EqualTo(1));
        Assert.That(MeasuredAt(second), Is.EqualTo(MeasuredAt(first)));
        Assert.That(second.GetProperty("wanted").GetProperty("falseMatchRate").GetDouble(), Is.EqualTo(0.5));
    }

    [Test]
    public async Task OtherNumberOfFaces_MeasuresAgain()
    {
        await StartAsync();
        await CalibrateAsync();
        await WithAsync(db => db.Faces.Where(face => face.Id == gallery.Faces[3].Id).ExecuteDeleteAsync());

        var json = await CalibrateAsync();

        Assert.That(json.GetProperty("pairs").GetRawText(), Is.EqualTo("""{"sameCount":1,"differentCount":2,"sampled":false}"""));
        Assert.That((await RowAsync()).Faces, Is.EqualTo(4));
        Assert.That(await StatesAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task OldMeasurement_IsReplaced()
    {
        await StartAsync();
        await CalibrateAsync();
        var old = await AgeAsync();

        var json = await CalibrateAsync();

        Assert.That(MeasuredAt(json), Is.GreaterThan(old));
        Assert.That(json.GetProperty("jobId").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(await StatesAsync(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task MeasurementOfAnotherModel_IsNone()
    {
        await StartAsync(waitSeconds: 0, runJobs: false);
        await StoreEarlierModelAsync();

        Assert.That((await PostAsync()).StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task HeldJob_WithoutAResult_Is202_AndIsJoined()
    {
        using var gate = new EngineGate(Server);
        await StartAsync(waitSeconds: 0);

        var first = await PostAsync();
        await gate.Reached;
        var second = await PostAsync();
        gate.Open();
        await EndAsync(JobId(first));

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(first.Headers.Location!.ToString(), Does.StartWith("/v1/jobs/"));
        Assert.That(first.Content.Headers.ContentLength, Is.Zero);
        Assert.That(first.Headers.RetryAfter!.ToString(), Is.EqualTo("1"));
        Assert.That(JobId(second), Is.EqualTo(JobId(first)));
        Assert.That((await PostAsync()).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task HeldJob_WithAnOldResult_AnswersIt_WithTheJob()
    {
        await StartAsync(waitSeconds: 0);
        await EndAsync(JobId(await PostAsync()));
        var old = await AgeAsync();
        using var gate = new EngineGate(Server);

        var json = await CalibrateAsync();

        Assert.That(MeasuredAt(json), Is.EqualTo(old).Within(TimeSpan.FromMilliseconds(1)));
        var running = await WithAsync(db => db.EnrolmentJobs.SingleAsync(
            job => job.State == EnrolmentJobState.Queued || job.State == EnrolmentJobState.Running));
        Assert.That(JobId(json), Is.EqualTo(running.Id));
    }

    [Test]
    public async Task CancelledJob_LeavesTheOldResult_AndCanBeRetried()
    {
        await StartAsync(waitSeconds: 0);
        await EndAsync(JobId(await PostAsync()));
        var old = await AgeAsync();
        using var gate = new EngineGate(Server);
        var job = JobId(await CalibrateAsync());
        await gate.Reached;

        await client.PostAsync($"/v1/jobs/{job}/cancel", null);
        gate.Open();
        await EndAsync(job);

        Assert.That(await StatesAsync(), Is.EqualTo(new[] { EnrolmentJobState.Succeeded, EnrolmentJobState.Cancelled }));
        Assert.That((await RowAsync()).MeasuredAt, Is.EqualTo(old).Within(TimeSpan.FromMilliseconds(1)));

        await client.PostAsync($"/v1/jobs/{job}/retry", null);
        await EndAsync(job);
        Assert.That(await StatesAsync(), Is.All.EqualTo(EnrolmentJobState.Succeeded));
        Assert.That((await RowAsync()).MeasuredAt, Is.GreaterThan(old));
    }

    [Test]
    public async Task Retry_WhileAnotherIsQueued_IsAConflict()
    {
        await StartAsync(waitSeconds: 0, runJobs: false);
        var first = JobId(await PostAsync());
        await client.PostAsync($"/v1/jobs/{first}/cancel", null);
        await PostAsync();

        var retry = await client.PostAsync($"/v1/jobs/{first}/retry", null);

        Assert.That(await retry.ReadProblemAsync(), Is.EqualTo("jobs-running"));
    }

    [Test]
    public async Task RequestsAtOnce_OnTwoServers_ShareAJob()
    {
        await StartAsync(waitSeconds: 0, runJobs: false);
        var other = Database.NewServer();
        (other.Settings["Calibration:WaitSeconds"], other.Settings["Enrolment:RunJobs"]) = ("0", "false");
        using var second = other.CreateClient(key);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => (i % 2 == 0 ? client : second).PostAsync(gallery.Path("calibration"), null)));

        Assert.That(answers.Select(JobId).Distinct(), Has.Exactly(1).Items);
        Assert.That(await StatesAsync(), Has.Count.EqualTo(1));
    }

    [TestCase(EnrolmentJobState.Failed, 503, "job-broken")]
    [TestCase(EnrolmentJobState.Cancelled, 409, "job-cancelled")]
    public async Task JobThatStopsDuringTheRequest_IsAProblem(EnrolmentJobState state, int status, string code)
    {
        await StartAsync(waitSeconds: 60, runJobs: false);
        var posting = PostAsync();
        await EventuallyAsync(async () => (await StatesAsync()).Count == 1);
        await WithAsync(async db =>
        {
            var job = await db.EnrolmentJobs.SingleAsync();
            if (state == EnrolmentJobState.Failed)
                job.Break("TimeoutException", "The job failed three times.", DateTime.UtcNow);
            else
                job.Cancel(DateTime.UtcNow);
            return await db.SaveChangesAsync(default);
        });
        Server.Services.GetRequiredService<IEnrolmentQueue>().NotifyChanged();

        var answer = await posting.WaitAsync(Patience);

        var problem = await answer.ReadJsonAsync();
        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        Assert.That(problem.GetProperty("type").GetString(), Does.EndWith(code));
        Assert.That(problem.GetProperty("detail").GetString(), Does.StartWith("The calibration"));
    }

    [Test]
    public async Task RemovedCollection_TakesItsResultAndItsQueuedJobAlong()
    {
        await StartAsync(waitSeconds: 0, runJobs: false);
        await StoreEarlierModelAsync();
        await PostAsync();

        var removed = await client.DeleteAsync($"/v1/collections/{gallery.Name}");

        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent), await removed.Content.ReadAsStringAsync());
        Assert.That(await WithAsync(db => db.Calibrations.CountAsync()), Is.Zero);
        Assert.That(await WithAsync(db => db.EnrolmentJobs.CountAsync(job => job.Kind == EnrolmentJobKind.Calibration)), Is.Zero);
    }

    private async Task StartAsync(int waitSeconds = 30, bool runJobs = true)
    {
        Server.Settings["Calibration:WaitSeconds"] = $"{waitSeconds}";
        Server.Settings["Enrolment:RunJobs"] = $"{runJobs}";
        client = Server.CreateClient();
        key = await Server.IssueKeyAsync(AccessScopes.All);
        client.DefaultRequestHeaders.Add("X-Api-Key", key);
        gallery = await StoredGallery.StoreAsync(Server, Wanted);
    }

    private Task<HttpResponseMessage> PostAsync(string query = "") => client.PostAsync(gallery.Path("calibration" + query), null);

    private async Task<JsonElement> CalibrateAsync(string query = "")
    {
        using var answer = await PostAsync(query);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        return await answer.ReadJsonAsync();
    }

    /// <summary>Waits until the job of an answer has ended.</summary>
    private async Task EndAsync(Guid job)
    {
        using var patience = new CancellationTokenSource(Patience);
        await Server.Services.GetRequiredService<IEnrolmentQueue>().WaitAsync(job, patience.Token);
    }

    private Task<int> StoreEarlierModelAsync() => WithAsync(async db =>
    {
        db.Calibrations.Add(new CollectionCalibration
        {
            CollectionId = gallery.Id, Model = "earlier", Faces = 5, Persons = 2, PersonsWithSeveralFaces = 2,
            IsSampled = false, Same = [], Different = [], MeasuredAt = DateTime.UtcNow,
        });
        return await db.SaveChangesAsync(default);
    });

    /// <summary>Makes the stored result two minutes older; returns its new time.</summary>
    private async Task<DateTime> AgeAsync()
    {
        var old = (await RowAsync()).MeasuredAt.AddMinutes(-2);
        await WithAsync(db => db.Calibrations.ExecuteUpdateAsync(set => set.SetProperty(row => row.MeasuredAt, old)));
        return old;
    }

    private Task<CollectionCalibration> RowAsync() =>
        WithAsync(db => db.Calibrations.AsNoTracking().SingleAsync(row => row.CollectionId == gallery.Id));

    private Task<List<EnrolmentJobState>> StatesAsync() =>
        WithAsync(db => db.EnrolmentJobs.AsNoTracking().OrderBy(job => job.Id).Select(job => job.State).ToListAsync());

    private static DateTime MeasuredAt(JsonElement answer) => answer.GetProperty("measuredAt").GetDateTime();

    private static Guid JobId(HttpResponseMessage answer) => Guid.Parse(answer.Headers.Location!.ToString().Split('/')[^1]);

    private static Guid JobId(JsonElement answer) => answer.GetProperty("jobId").GetGuid();
}
