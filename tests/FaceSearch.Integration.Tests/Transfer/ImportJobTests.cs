using System.Net;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Jobs.CollectionImport;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FaceSearch.Integration.Tests.Transfer;

/// <summary>Imports that are interrupted. The test runs the handler itself; it can act after each stored batch.</summary>
internal sealed class ImportJobTests(DatabaseProvider provider) : TransferFixture(provider)
{
    private const int Pictures = 40;
    private const int BatchSize = 8;

    [Test]
    public async Task Start_AnswersAtOnce_AndMakesNoCollection()
    {
        var job = await StartAsync("c", await MakeExportAsync());
        var read = await ReadJobAsync(job);

        Assert.That(job.GetProperty("kind").GetString(), Is.EqualTo("import"));
        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("queued"));
        Assert.That((read.GetProperty("collection").GetString(), read.GetProperty("model").GetString()), Is.EqualTo(("c", StandInEncoders.ModelName)));
        Assert.That(await HasCollectionAsync("c"), Is.False);
        Assert.That(FilesOf(Target), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Run_EndsWithTheCounts()
    {
        var job = await StartAsync("c", await MakeExportAsync());

        await RunAsync();

        var ended = await ReadJobAsync(job);
        Assert.That(StateOf(ended), Is.EqualTo("succeeded"));
        Assert.That(Numbers(ended), Is.EqualTo((Pictures, Pictures, 2, 0)));
        Assert.That(Counts(ended), Is.EqualTo((Pictures, Pictures, 0)));
        Assert.That(await Target.DescribeAsync("c"), Is.EqualTo(await Server.DescribeAsync("c")));
        Assert.That(FilesOf(Target), Is.Empty);
    }

    [Test]
    public async Task ProcessEndsBetweenBatches_TheNextRunContinues_AndCountsNothingTwice()
    {
        var job = await StartAsync("c", await MakeExportAsync());

        Assert.That(() => RunAsync((batch, _) => batch == 2 ? throw new InvalidOperationException() : Task.CompletedTask), Throws.InvalidOperationException);
        var half = await ReadJobAsync(job);
        var stored = 0;
        await RunAsync((_, change) => Task.FromResult(stored += ((FacesAdded)change).Faces.Count));

        var ended = await ReadJobAsync(job);
        Assert.That((StateOf(half), Counts(half)), Is.EqualTo(("running", (Pictures, 2 * BatchSize, 0))));
        Assert.That(stored, Is.EqualTo(Pictures - 2 * BatchSize));
        Assert.That(Numbers(ended), Is.EqualTo((Pictures, Pictures, 2, 0)));
        Assert.That(Counts(ended), Is.EqualTo((Pictures, Pictures, 0)));
        Assert.That(await Target.DescribeAsync("c"), Is.EqualTo(await Server.DescribeAsync("c")));
    }

    [Test]
    public async Task RestartWithAnotherBatchSize_SkipsWhatIsStoredInsideABatch()
    {
        var job = await StartAsync("c", await MakeExportAsync());
        Assert.That(() => RunAsync((_, _) => throw new InvalidOperationException()), Throws.InvalidOperationException);

        await RunAsync(batchSize: 30);

        Assert.That(Numbers(await ReadJobAsync(job)), Is.EqualTo((Pictures, Pictures, 2, 0)));
    }

    [Test]
    public async Task LostJob_StoresNothingMore()
    {
        await StartAsync("c", await MakeExportAsync());

        Assert.That(
            () => RunAsync(async (batch, _) =>
            {
                if (batch == 1)
                    await WithAsync(db => db.EnrolmentJobs.ExecuteUpdateAsync(set => set.SetProperty(row => row.Owner, "another")), Target);
            }),
            Throws.InstanceOf<JobLostException>());

        Assert.That(await CountImagesAsync(), Is.EqualTo(BatchSize));
    }

    [Test]
    public async Task Cancel_StopsAfterTheBatch_AndRetryContinues()
    {
        var job = await StartAsync("c", await MakeExportAsync());

        Assert.That(
            () => RunAsync(async (batch, _) =>
            {
                if (batch == 1)
                    await PostToJobAsync(job, "cancel");
            }),
            Throws.InstanceOf<JobCancelledException>());
        await StopAsync();
        var cancelled = await ReadJobAsync(job);
        var retried = await PostToJobAsync(job, "retry");
        await RunAsync();

        var ended = await ReadJobAsync(job);
        Assert.That((StateOf(cancelled), Counts(cancelled)), Is.EqualTo(("cancelled", (Pictures, BatchSize, 0))));
        Assert.That(StateOf(retried), Is.EqualTo("queued"));
        Assert.That((StateOf(ended), Counts(ended)), Is.EqualTo(("succeeded", (Pictures, Pictures, 0))));
        Assert.That(Numbers(ended), Is.EqualTo((Pictures, Pictures, 2, 0)));
    }

    [Test]
    public async Task CollectionGetsAnotherModel_FailsTheJob()
    {
        var job = await StartAsync("c", await MakeExportAsync());

        await RunAsync((batch, _) => batch == 1 ? SetModelAsync("c") : Task.CompletedTask);

        var ended = await ReadJobAsync(job);
        Assert.That((StateOf(ended), ended.GetProperty("failureCode").GetString()), Is.EqualTo(("failed", "model-mismatch")));
        Assert.That(Counts(ended), Is.EqualTo((Pictures, BatchSize, 0)));
        Assert.That(await CountImagesAsync(), Is.EqualTo(BatchSize));
    }

    [Test]
    public async Task CollectionIsMadeMeanwhile_IsUsed_UnlessItIsOfAnotherModel()
    {
        var zip = await MakeExportAsync();
        var (same, other) = (await StartAsync("c", zip), await StartAsync("d", zip));
        await Target.StoreAsync("c", Some(0));
        await Target.StoreAsync("d", Some(0));
        await SetModelAsync("d");

        await RunAsync();
        await RunAsync();

        Assert.That(StateOf(await ReadJobAsync(same)), Is.EqualTo("succeeded"));
        Assert.That((await ReadJobAsync(other)).GetProperty("failureCode").GetString(), Is.EqualTo("model-mismatch"));
        Assert.That(await CountImagesAsync(), Is.EqualTo(Pictures));
    }

    [Test, Category("Fault-C5")]
    public async Task PersonIsErasedMeanwhile_IsDropped_AlsoAfterARestart()
    {
        SampleFace ada = Face(1) with { Exclusions = [1] };
        SampleFace grace = Face(2) with { Person = 1, Exclusions = [] };
        SampleFace[][] kinds = [[ada], [grace], [ada, grace]];
        await Server.StoreAsync("c", new SampleCollection(
            ["Ada", "Grace"], [.. Enumerable.Range(0, 39).Select(i => kinds[i % 3]).Append([ada with { Tags = [" "] }, grace]).Select(faces => new SamplePicture(true, true, 1, faces))]));
        var job = await StartAsync("c", await ExportAsync("c"));

        Assert.That(
            () => RunAsync(async (batch, _) =>
            {
                if (batch == 1)
                    await EraseAsync("Grace");
                if (batch == 3)
                    throw new InvalidOperationException();
            }),
            Throws.InvalidOperationException);
        await RunAsync();

        var ended = await ReadJobAsync(job);
        var images = await WithAsync(db => db.Images.AsNoTracking().Include(i => i.Content).Include(i => i.Faces)
            .ThenInclude(f => f.Person).OrderBy(i => i.Id).ToListAsync(), Target);
        var (shared, own) = (images.Where(image => image.FileName.Length == 0).ToList(), images.Where(image => image.FileName.Length > 0).ToList());
        Assert.That(StateOf(ended), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That((ended.GetProperty("done").GetInt32(), ended.GetProperty("skipped").GetInt32()), Is.EqualTo((40, 10)), "3 of 13 were stored before");
        Assert.That(await WithAsync(db => db.EnrolmentItems.Select(item => item.Name).ToListAsync(), Target), Is.EqualTo(new[] { string.Empty }), "set aside");
        Assert.That((shared.Count, own.Count), Is.EqualTo((13, 13)));
        Assert.That(shared.Select(image => (image.Content, image.Version, image.Metadata.Camera)).Distinct().Single(), Is.EqualTo(((object?)null, (int?)null, (string?)null)));
        Assert.That(own.Select(image => image.Content), Has.None.Null);
        Assert.That(images.SelectMany(image => image.Faces).Select(face => face.Person?.Name).Distinct(), Is.EqualTo(new[] { "Ada" }));
        Assert.That(await WithAsync(db => db.Persons.Select(person => person.Name).ToListAsync(), Target), Is.EqualTo(new[] { "Ada" }));
        Assert.That(FilesOf(Target), Is.Empty);
    }

    [Test, Category("Fault-C5")]
    public async Task PersonIsErased_BeforeAnImportThatWasQueuedWithoutTheCollection_IsDropped()
    {
        var job = await StartAsync("c", await MakeExportAsync());
        await Target.StoreAsync("c", Some(1));
        await EraseAsync("Ada");

        await RunAsync();

        var ended = await ReadJobAsync(job);
        Assert.That((ended.GetProperty("skipped").GetInt32(), Counts(ended)), Is.EqualTo((Pictures, (Pictures, 0, 0))));
        Assert.That(await CountImagesAsync(), Is.Zero);
    }

    [Test]
    public async Task Damaged_FailsTheJob_AndLeavesNoCollection()
    {
        var entries = Entries(await MakeExportAsync());
        entries["faces.ndjson"] = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(entries["faces.ndjson"]).Replace("\"score\":", "\"score\":1", StringComparison.Ordinal));
        var job = await StartAsync("c", Zip(entries, false));

        await RunAsync();

        var ended = await ReadJobAsync(job);
        Assert.That((StateOf(ended), ended.GetProperty("failureCode").GetString()), Is.EqualTo(("failed", "damaged-export")));
        Assert.That(ended.GetProperty("failure").GetString(), Does.Contain("'faces.ndjson' does not match its checksum"));
        Assert.That(await HasCollectionAsync("c"), Is.False);
        Assert.That(await WithAsync(db => db.Persons.AnyAsync(), Target), Is.False);
    }

    [Test, Category("Fault-C11")]
    public async Task ArchiveLost_FailsTheJob()
    {
        var job = await StartAsync("c", await MakeExportAsync());
        File.Delete(FilesOf(Target).Single());

        await RunAsync();

        Assert.That((await ReadJobAsync(job)).GetProperty("failureCode").GetString(), Is.EqualTo("archive-lost"));
        using var retry = await PostAsync("c", []);
        Assert.That(retry.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    protected override void Configure(TestServer server)
    {
        server.Settings["Enrolment:RunJobs"] = "false";
        server.Settings["Enrolment:BatchSize"] = $"{BatchSize}";
    }

    private async Task<byte[]> MakeExportAsync()
    {
        await Server.StoreAsync("c", Some(Pictures));
        return await ExportAsync("c");
    }

    /// <summary>Takes the next job as another process would when the one before has ended, and runs it.</summary>
    /// <param name="afterBatch">Called when a batch is committed, with its number from 1.</param>
    private async Task RunAsync(Func<int, IndexChange, Task>? afterBatch = null, int batchSize = BatchSize)
    {
        var run = await TakeAsync();
        var index = new Index(Target.Services.GetRequiredService<IIndexChanges>(), afterBatch);
        var handler = ActivatorUtilities.CreateInstance<CollectionImportHandler>(
            Target.Services, index, Options.Create(new EnrolmentOptions { BatchSize = batchSize }));
        await handler.RunAsync(run, CancellationToken.None);
    }

    private async Task<JobRun> TakeAsync()
    {
        await WithAsync(
            db => db.EnrolmentJobs.ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Owner, (string?)null).SetProperty(row => row.NotBefore, (DateTime?)null)),
            Target);
        return await Target.Services.GetRequiredService<DatabaseEnrolmentQueue>()
            .TakeAsync([EnrolmentJobKind.CollectionImport], CancellationToken.None);
    }

    /// <summary>As the worker does when the handler was interrupted by a cancellation.</summary>
    private async Task StopAsync() =>
        await Target.Services.GetRequiredService<LeasedJobs>().StopAsync(await TakeAsync(), CancellationToken.None);

    private async Task EraseAsync(string name)
    {
        var id = await WithAsync(db => db.Persons.Where(person => person.Name == name).Select(person => person.Id).SingleAsync(), Target);
        using var response = await DeleteAsync($"/v1/collections/c/persons/{id}");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }

    private Task<int> SetModelAsync(string name) => WithAsync(
        db => db.Collections.Where(c => c.Name == name)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Model, StandInEncoders.SecondModelName)),
        Target);

    private Task<bool> HasCollectionAsync(string name) => WithAsync(db => db.Collections.AnyAsync(c => c.Name == name), Target);

    private Task<int> CountImagesAsync() => WithAsync(db => db.Images.CountAsync(), Target);

    private static string? StateOf(JsonElement job) => job.GetProperty("state").GetString();

    private static (int Total, int Inserted, int Duplicates) Counts(JsonElement job) => (
        job.GetProperty("total").GetInt32(), job.GetProperty("inserted").GetInt32(), job.GetProperty("duplicates").GetInt32());

    private sealed class Index(IIndexChanges index, Func<int, IndexChange, Task>? afterBatch) : IIndexChanges
    {
        private int batches;

        public async Task CommittedAsync(IndexChange change, CancellationToken ct)
        {
            await index.CommittedAsync(change, ct);
            if (afterBatch is not null)
                await afterBatch(++batches, change);
        }
    }
}
