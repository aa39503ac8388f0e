using System.Net;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;
using static FaceSearch.TestSupport.Archives;

namespace FaceSearch.Api.Tests.Enrolment;

/// <summary>Archives whose pictures are enrolled, and the jobs that do it.</summary>
internal sealed class BulkEnrolmentTests : BulkEnrolmentFixture
{
    [Test]
    public async Task Bulk_MixedArchive_CountsEveryOutcomeAndSearchesWork()
    {
        var (status, json) = await PostAsync(Zip(
            ("Ada Lovelace/one.png", StandInEncoders.Picture(1f)),
            ("Ada Lovelace/again.png", StandInEncoders.Picture(1f)),
            ("Alan_Turing/Alan_Turing_0001.png", StandInEncoders.Picture(2f, 3f)),
            ("landscape.png", StandInEncoders.Picture()),
            ("notes.txt", Encoding.UTF8.GetBytes("hello")),
            ("empty.png", []),
            ("more.zip", Zip(("x.png", StandInEncoders.Picture(4f)))),
            ("../../etc/x.png", StandInEncoders.Picture(5f)),
            ("/root/x.png", StandInEncoders.Picture(6f)),
            ("C:\\x.png", StandInEncoders.Picture(7f)),
            ("__MACOSX/._one.png", [1, 2, 3]),
            ("Ada Lovelace/.DS_Store", [1, 2, 3]),
            ("folder/", [])));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Counts(json), Is.EqualTo((2, 1, 7, 2)));
        Assert.That(Failures(json), Is.EqualTo(new[]
        {
            "landscape.png: no-face", "notes.txt: not-a-picture", "empty.png: not-a-picture", "more.zip: nested-archive",
            "../../etc/x.png: unsafe-name", "/root/x.png: unsafe-name", "C:\\x.png: unsafe-name",
        }));
        Assert.That(await FindPersonAsync(1f), Is.EqualTo("Ada Lovelace"));
        Assert.That(await FindPersonAsync(2f), Is.EqualTo("Alan Turing"));
        Assert.That(await FindPersonAsync(5f), Is.Null);
    }

    /// <summary>One picture per batch, so that every block of the pipeline is full most of the time.</summary>
    [TestCase("1")]
    [TestCase("32")]
    public async Task Bulk_SameArchiveAgain_IsAllDuplicates(string batchSize)
    {
        Server.Settings["Enrolment:BatchSize"] = batchSize;
        var zip = Zip([.. Enumerable.Range(0, 300).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]);

        var (_, first) = await PostAsync(zip);
        var (_, second) = await PostAsync(zip);

        Assert.That(Counts(first), Is.EqualTo((300, 0, 0, 0)));
        Assert.That(Counts(second), Is.EqualTo((0, 300, 0, 0)));
        Assert.That(second.GetProperty("jobId").GetString(), Is.Not.EqualTo(first.GetProperty("jobId").GetString()));
        Assert.That(Directory.EnumerateFileSystemEntries(Server.UploadFolder), Is.Empty);
    }

    [Test]
    public async Task Bulk_RespondAsync_GivesAJobToFollow()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/add_faces_in_bulk/");
        request.Content = Form(Zip(("one.png", StandInEncoders.Picture(1f)), ("none.png", StandInEncoders.Picture())));
        request.Headers.Add("Prefer", "respond-async, wait=5");

        var response = await Client.SendAsync(request);
        var location = response.Headers.Location!.ToString();
        var job = await FollowAsync(location);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(location, Does.StartWith("/v1/jobs/"));
        Assert.That(response.Headers.RetryAfter, Is.Not.Null);
        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(job.GetProperty("total").GetInt32(), Is.EqualTo(2));
        Assert.That(Counts(job), Is.EqualTo((1, 0, 1, 0)));
        Assert.That(Failures(job), Is.EqualTo(new[] { "none.png: no-face" }));
    }

    [Test]
    public async Task Bulk_ClientDisconnects_TheJobContinues()
    {
        var working = new TaskCompletionSource();
        var resume = new TaskCompletionSource();
        Server.Encoders.BeforeWork = () =>
        {
            working.TrySetResult();
            return resume.Task;
        };
        using var hangUp = new CancellationTokenSource();
        var zip = Zip([.. Enumerable.Range(0, 100).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]);

        var request = Client.PostAsync("/add_faces_in_bulk/", Form(zip), hangUp.Token);
        await working.Task;
        await hangUp.CancelAsync();
        Assert.That(async () => await request, Throws.InstanceOf<OperationCanceledException>());
        resume.SetResult();

        // Jobs run one after the other, so the abandoned job has ended when the next one has.
        var (_, json) = await PostAsync(zip);
        Assert.That(Counts(json), Is.EqualTo((0, 100, 0, 0)));
    }

    [Test]
    public async Task Bulk_WorkIsCancelledThoughTheJobIsNot_LosesNoPicture()
    {
        var asked = 0;
        Server.Encoders.BeforeWork = () => Interlocked.Increment(ref asked) == 20
            ? throw new OperationCanceledException()
            : Task.CompletedTask;

        var (_, json) = await PostAsync(Zip([.. Enumerable.Range(0, 30).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]));

        Assert.That(Counts(json), Is.EqualTo((30, 0, 0, 0)));
    }

    [Test]
    public async Task Bulk_100000Entries_Zip64_AreAllAccountedFor()
    {
        // A shared empty file that is skipped by its name, because only the directory matters.
        var entries = Enumerable.Range(0, 100_000).Select(i => ($"d{i % 100}/.f{i}", Array.Empty<byte>()))
            .Append(("last.png", StandInEncoders.Picture(1f)));

        var (status, json) = await PostAsync(Zip([.. entries]));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Counts(json), Is.EqualTo((1, 0, 0, 100_000)));
    }

    [Test]
    public async Task Bulk_SameNameTwice_EnrolsBoth()
    {
        var (_, json) = await PostAsync(Zip(
            ("Ada/one.png", StandInEncoders.Picture(1f)), ("Ada/one.png", StandInEncoders.Picture(2f)), ("Ada/one.png", StandInEncoders.Picture(1f))));

        Assert.That(Counts(json), Is.EqualTo((2, 1, 0, 0)));
    }

    [TestCase("IBM437", new byte[] { (byte)'J', (byte)'o', (byte)'s', 0x82 }, "José")]
    [TestCase("IBM437", new byte[] { (byte)'J', (byte)'o', (byte)'s', 0xC3, 0xA9 }, "José")]
    [TestCase("shift_jis", new byte[] { 0x93, 0x63, 0x92, 0x86 }, "田中")]
    [TestCase("windows-1252", new byte[] { (byte)'J', (byte)'o', (byte)'s', 0xE9 }, "José")]
    public async Task Bulk_NamesWithoutEncodingFlag_AreUtf8OrThatOfTheSettings(string encoding, byte[] person, string name)
    {
        Server.Settings["Enrolment:ArchiveNameEncoding"] = encoding;

        await PostAsync(ZipWithRawNames(([.. person, .. "/one.png"u8], StandInEncoders.Picture(1f))));

        Assert.That(await FindPersonAsync(1f), Is.EqualTo(name));
    }

    [Test]
    public async Task Bulk_EmptyZip_InsertsNothing()
    {
        var (status, json) = await PostAsync(Zip());

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(Counts(json), Is.EqualTo((0, 0, 0, 0)));
    }

    [TestCase("nonsense")]
    [TestCase("0197a4ae-0000-7000-8000-000000000000")]
    public async Task GetJob_Unknown_Is404(string id)
    {
        var response = await Client.GetAsync($"/v1/jobs/{id}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await response.ReadJsonAsync()).GetProperty("type").GetString(), Does.EndWith(":job-not-found"));
    }

    private async Task<JsonElement> FollowAsync(string location)
    {
        while (true)
        {
            var job = await (await Client.GetAsync(location)).ReadJsonAsync();
            if (job.GetProperty("endedAt").ValueKind != JsonValueKind.Null)
                return job;
            await Task.Delay(20);
        }
    }

    private async Task<string?> FindPersonAsync(float face)
    {
        var json = await (await Client.PostPictureAsync("/search_faces/?k=1", StandInEncoders.Picture(face))).ReadJsonAsync();
        var found = json.GetProperty("faces")[0].GetProperty("matches");
        return found.GetArrayLength() == 0 ? null : found[0].GetProperty("person").GetString();
    }
}
