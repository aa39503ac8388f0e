using System.Collections.Concurrent;
using System.Data.Common;
using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.MySql;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>What happens between the steps of a re-embedding, and after a crash between them.</summary>
[Category("Fault-D2")]
internal sealed class ModelSwapPhaseTests(DatabaseProvider provider) : ReembeddingFixture(provider)
{
    private const string DropFailed = Reembed + "&dropFailed=true";

    private BeforeStep steps = null!;

    [SetUp]
    public void Intercept()
    {
        steps = new BeforeStep();
        Server.Replacing = services => services
            .ConfigureDbContext<SqliteFaceSearchDbContext>(builder => builder.AddInterceptors(steps))
            .ConfigureDbContext<MySqlFaceSearchDbContext>(builder => builder.AddInterceptors(steps));
    }

    [Test]
    public async Task Enrolment_BeforeEachStep_EndsAndGetsTheNewModel()
    {
        await EnrolAsync(10);
        var (seen, enrolled) = (new ConcurrentDictionary<string, bool>(), new ConcurrentQueue<float>());
        steps.Do = async sql =>
        {
            // MySQL's statements have the ids in their text.
            if (seen.TryAdd(Regex.Replace(sql, @"\d+", ""), true))
                enrolled.Enqueue(await EnrolNextAsync(enrolled.Count));
        };

        var ended = await EndAsync(await StartAsync(Reembed));

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That(enrolled, Has.Count.GreaterThanOrEqualTo(4), "while it embeds, looks for missing faces, and deletes");
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
        await UntilSearchedByAsync(Client, StandInEncoders.SecondModelName);
        foreach (var face in enrolled)
            Assert.That(await CountMatchesAsync(Client, face), Is.EqualTo(1), $"{face}");
    }

    [Test]
    public async Task Enrolment_InEveryPass_IsEmbeddedUnderTheLockAfterTen()
    {
        await EnrolAsync(5);
        var enrolled = new ConcurrentQueue<float>();
        steps.Do = async sql =>
        {
            if (IsLastCheck(sql))
                enrolled.Enqueue(await EnrolNextAsync(enrolled.Count));
        };

        var ended = await EndAsync(await StartAsync(Reembed));

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That(enrolled, Has.Count.EqualTo(11));
        Assert.That(
            (ended.GetProperty("inserted").GetInt32(), ended.GetProperty("total").GetInt32()), Is.EqualTo((16, 16)), ended.ToString());
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
    }

    [Test]
    public async Task Crash_AfterTheSwitch_FacesThatFailedAreNotFound_AndTheNextRunRemovesThem()
    {
        var job = await FailAfterTheSwitchAsync();

        using var cancelled = await Client.PostAsync(job + "/cancel", null);
        var exported = await CountExportedAsync();
        await UntilSearchedByAsync(Client, StandInEncoders.SecondModelName);
        var (hidden, kept) = (await CountMatchesAsync(Client, 300f), await CountMatchesAsync(Client, 5f));
        await EnrolNextAsync(0);
        await ContinueAsync();
        var ended = await EndAsync(job);

        Assert.That(cancelled.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await cancelled.ReadProblemAsync(), Is.EqualTo("job-not-cancellable"));
        Assert.That(exported, Is.EqualTo(20));
        Assert.That((hidden, kept), Is.EqualTo((0, 1)));
        Assert.That(
            (ended.GetProperty("inserted").GetInt32(), ended.GetProperty("failed").GetInt32()), Is.EqualTo((20, 1)),
            "a face that was enrolled with the new model is not re-embedded");
        await AssertEndedWithoutTheHiddenAsync(ended.GetProperty("state").GetString(), faces: 21);
    }

    [Test]
    public async Task BrokenAfterTheSwitch_RetryGoesOn()
    {
        var job = await FailAfterTheSwitchAsync();
        await WithAsync(async db =>
        {
            (await db.EnrolmentJobs.SingleAsync(row => row.Kind == EnrolmentJobKind.ReembeddingOrRemoval)).Break("x", "why", DateTime.UtcNow);
            return await db.SaveChangesAsync(default);
        });

        using var retried = await Client.PostAsync(job + "/retry", null);
        var ended = await EndAsync(job);

        Assert.That(retried.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        await AssertEndedWithoutTheHiddenAsync(ended.GetProperty("state").GetString(), faces: 20);
    }

    /// <summary>A client cancels after the job's last check; on MySQL inside the transaction of the switch.</summary>
    [Test]
    public async Task Cancel_JustBeforeTheSwitch_LeavesTheOldModel()
    {
        await EnrolAsync(5);
        steps.Do = sql => Provider == DatabaseProvider.Sqlite && IsLastCheck(sql) ? CancelAsync() : Task.CompletedTask;
        steps.DoInSwitch = () => Provider == DatabaseProvider.MySql ? CancelAsync() : Task.CompletedTask;

        var ended = await EndAsync(await StartAsync(Reembed));

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("cancelled"), ended.ToString());
        await AssertAllAreOfAsync(StandInEncoders.ModelName);
    }

    [Test]
    public async Task ETag_OfAFace_ChangesWithTheModel()
    {
        await EnrolAsync(1);
        var id = await WithAsync(db => db.Faces.Select(face => face.Id).SingleAsync());
        var path = $"/v1/collections/default/faces/{id}";
        using var before = await Client.GetAsync(path);

        await EndAsync(await StartAsync(Reembed));
        using var after = await Client.GetAsync(path);

        Assert.That(after.Headers.ETag, Is.Not.EqualTo(before.Headers.ETag));
        Assert.That((await after.ReadJsonAsync()).GetProperty("model").GetString(), Is.EqualTo(StandInEncoders.SecondModelName));
    }

    /// <summary>Of a pass, before the switch: it counts the missing faces. The statement with DISTINCT counts pictures.</summary>
    private static bool IsLastCheck(string sql) =>
        sql.StartsWith("SELECT COUNT(*)", StringComparison.Ordinal) && !sql.Contains("DISTINCT", StringComparison.Ordinal);

    /// <summary>Of 21 faces one can't be embedded again; the first run ends right after the switch.</summary>
    private async Task<string> FailAfterTheSwitchAsync()
    {
        await EnrolAsync(20);
        await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(StandInEncoders.HiddenFromSecond, 300f), "hidden.png");
        steps.Do = async _ =>
        {
            if (await WithAsync(db => db.Collections.AnyAsync(c => c.Model == StandInEncoders.SecondModelName)))
                throw new InvalidOperationException("The process ends.");
        };
        var job = await StartAsync(DropFailed);
        await UntilAsync(() => WithAsync(db => db.EnrolmentJobs.AnyAsync(row => row.LastError == nameof(InvalidOperationException))));
        Assert.That(await WithAsync(db => db.EnrolmentJobs.Where(row => row.LastError != null).Select(row => row.State).SingleAsync()), Is.EqualTo(EnrolmentJobState.Running));
        await WithAsync(db => db.EnrolmentJobs.ExecuteUpdateAsync(set => set.SetProperty(row => row.NotBefore, DateTime.UtcNow.AddDays(1))));
        steps.Do = _ => Task.CompletedTask;
        return job;
    }

    private Task<int> ContinueAsync() =>
        WithAsync(db => db.EnrolmentJobs.ExecuteUpdateAsync(set => set.SetProperty(row => row.NotBefore, (DateTime?)null)));

    private Task<int> CancelAsync() => WithAsync(db => db.EnrolmentJobs
        .Where(job => job.Kind == EnrolmentJobKind.Reembedding)
        .ExecuteUpdateAsync(set => set.SetProperty(job => job.CancelRequested, true)));

    private async Task AssertEndedWithoutTheHiddenAsync(string? state, int faces)
    {
        Assert.That(state, Is.EqualTo("succeeded"));
        Assert.That(await WithAsync(db => db.Faces.CountAsync()), Is.EqualTo(faces));
        Assert.That(await WithAsync(db => db.Images.CountAsync()), Is.EqualTo(faces));
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
    }

    private async Task<int> CountExportedAsync()
    {
        await using var zip = new ZipArchive(await Client.GetStreamAsync("/v1/collections/default/export"));
        using var rows = new StreamReader(await zip.GetEntry("faces.ndjson")!.OpenAsync());
        return (await rows.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    private async Task<float> EnrolNextAsync(int number)
    {
        using var response = await Client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1000f + number));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        return 1000f + number;
    }

    /// <summary>
    /// Does something before each statement that only the job sends: it looks for faces without an embedding, or for
    /// embeddings of other models. Outside of transactions, as they block enrolments.
    /// </summary>
    private sealed class BeforeStep : DbCommandInterceptor
    {
        public Func<string, Task> Do { get; set; } = _ => Task.CompletedTask;

        public Func<Task> DoInSwitch { get; set; } = () => Task.CompletedTask;

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.StartsWith("UPDATE", StringComparison.Ordinal)
                && command.CommandText.Contains("collections", StringComparison.Ordinal))
                await DoInSwitch();

            return result;
        }

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            var sql = command.CommandText;
            var isOfJob = sql.Contains("face_embeddings", StringComparison.Ordinal)
                && (sql.Contains("NOT EXISTS", StringComparison.Ordinal) || sql.Contains("NOT IN", StringComparison.Ordinal)
                    || sql.Contains("<>", StringComparison.Ordinal));
            if (isOfJob && command.Transaction is null)
                await Do(sql);

            return result;
        }
    }
}
