using System.Net;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;
using static FaceSearch.TestSupport.Archives;

namespace FaceSearch.Api.Tests.Enrolment;

internal sealed class BulkEnrolmentTests
{
    private TestServer server;
    private Lazy<HttpClient> lazyClient;

    /// <summary>The server starts at its first use, so a test can set options before.</summary>
    private HttpClient Client => lazyClient.Value;

    [SetUp]
    public void Start()
    {
        server = new TestServer();
        lazyClient = new Lazy<HttpClient>(server.CreateClient);
    }

    [TearDown]
    public void Stop()
    {
        if (lazyClient.IsValueCreated)
            Client.Dispose();
        server.Dispose();
    }

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
        server.Settings["Enrolment:BatchSize"] = batchSize;
        var zip = Zip([.. Enumerable.Range(0, 300).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]);

        var (_, first) = await PostAsync(zip);
        var (_, second) = await PostAsync(zip);

        Assert.That(Counts(first), Is.EqualTo((300, 0, 0, 0)));
        Assert.That(Counts(second), Is.EqualTo((0, 300, 0, 0)));
        Assert.That(second.GetProperty("jobId").GetString(), Is.Not.EqualTo(first.GetProperty("jobId").GetString()));
        Assert.That(Directory.EnumerateFileSystemEntries(server.UploadFolder), Is.Empty);
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
        server.Encoders.BeforeWork = () =>
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
    public async Task Bulk_NotAZip_Is415() =>
        await AssertProblemAsync(Encoding.UTF8.GetBytes("no zip"), HttpStatusCode.UnsupportedMediaType, "not-an-archive");

    [Test]
    public async Task Bulk_Empty_Is415() =>
        await AssertProblemAsync([], HttpStatusCode.UnsupportedMediaType, "not-an-archive");

    [Test]
    public async Task Bulk_CutOffZip_Is415() =>
        await AssertProblemAsync(
            Zip(("one.png", StandInEncoders.Picture(1f)))[..^20], HttpStatusCode.UnsupportedMediaType, "not-an-archive");

    [Test]
    public async Task Bulk_Encrypted_Is422() =>
        await AssertProblemAsync(
            Encrypted(Zip(("one.png", StandInEncoders.Picture(1f)))),
            HttpStatusCode.UnprocessableEntity,
            "encrypted-archive");

    [Test]
    public async Task Bulk_RatioBomb_Is413() =>
        await AssertProblemAsync(
            Zip(("bomb.bmp", new byte[20_000_000])), HttpStatusCode.RequestEntityTooLarge, "archive-too-large");

    [Test]
    public async Task Bulk_TooManyEntries_Is413()
    {
        server.Settings["Enrolment:MaxArchiveEntries"] = "2";

        await AssertProblemAsync(
            Zip(("1.png", []), ("2.png", []), ("3.png", [])), HttpStatusCode.RequestEntityTooLarge, "too-many-entries");
    }

    [Test]
    public async Task Bulk_LargerThanAllowed_Is413()
    {
        server.Settings["Enrolment:MaxArchiveBytes"] = "2000";

        await AssertProblemAsync(new byte[2001], HttpStatusCode.RequestEntityTooLarge, "file-too-large");
    }

    [Test]
    public async Task Bulk_OversizedEntry_FailsAlone()
    {
        server.Settings["Enrolment:MaxPictureBytes"] = "2000";

        var (_, json) = await PostAsync(Zip(
            ("big.png", [.. StandInEncoders.Picture(1f), .. Random.Shared.GetItems<byte>([1, 2, 3, 4, 5, 6, 7, 8], 5000)]),
            ("small.png", StandInEncoders.Picture(2f))));

        Assert.That(Failures(json), Is.EqualTo(new[] { "big.png: picture-too-large" }));
        Assert.That(Counts(json), Is.EqualTo((1, 0, 1, 0)));
    }

    [Test]
    public async Task Bulk_EntryWithBrokenData_FailsAlone()
    {
        var zip = Zip(("broken.png", StandInEncoders.Picture(1f)), ("whole.png", StandInEncoders.Picture(2f)));
        var firstData = 30 + "broken.png".Length;
        zip.AsSpan(firstData, 4).Fill(0xFF);

        var (_, json) = await PostAsync(zip);

        Assert.That(Failures(json), Is.EqualTo(new[] { "broken.png: damaged-entry" }));
        Assert.That(Counts(json), Is.EqualTo((1, 0, 1, 0)));
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

    [Test]
    public async Task Bulk_OneEncryptedEntry_FailsAlone()
    {
        var zip = Encrypted(Zip(("secret.png", StandInEncoders.Picture(1f)), ("open.png", StandInEncoders.Picture(2f))));

        var (_, json) = await PostAsync(zip);

        Assert.That(Failures(json), Is.EqualTo(new[] { "secret.png: encrypted-entry" }));
        Assert.That(Counts(json), Is.EqualTo((1, 0, 1, 0)));
    }

    /// <summary>The directory states more than 4 GB in a Zip64 field for a small entry.</summary>
    [Test]
    public async Task Bulk_EntryOf5Gigabytes_IsRefusedWithoutUnpackingIt()
    {
        await AssertProblemAsync(
            WithClaimedLength(Zip(("huge.bmp", new byte[1000])), 5_000_000_000), HttpStatusCode.RequestEntityTooLarge, "archive-too-large");
    }

    [TestCase("IBM437", new byte[] { (byte)'J', (byte)'o', (byte)'s', 0x82 }, "José")]
    [TestCase("IBM437", new byte[] { (byte)'J', (byte)'o', (byte)'s', 0xC3, 0xA9 }, "José")]
    [TestCase("shift_jis", new byte[] { 0x93, 0x63, 0x92, 0x86 }, "田中")]
    [TestCase("windows-1252", new byte[] { (byte)'J', (byte)'o', (byte)'s', 0xE9 }, "José")]
    public async Task Bulk_NamesWithoutEncodingFlag_AreUtf8OrThatOfTheSettings(string encoding, byte[] person, string name)
    {
        server.Settings["Enrolment:ArchiveNameEncoding"] = encoding;

        await PostAsync(ZipWithRawNames(([.. person, .. "/one.png"u8], StandInEncoders.Picture(1f))));

        Assert.That(await FindPersonAsync(1f), Is.EqualTo(name));
    }

    /// <summary>Every damage of an archive is an outcome or a refusal, never a server error.</summary>
    [Test]
    public async Task Bulk_ArchivesBrokenAnywhere_AreRefusedOrFailItemByItem()
    {
        var random = new Random(20261122);
        var whole = Zip([.. Enumerable.Range(0, 5).Select(i => ($"p{i}.png", StandInEncoders.Picture(i)))]);
        for (var round = 0; round < 150; round++)
        {
            var broken = whole.ToArray();
            for (var i = random.Next(1, 5); i > 0; i--)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);

            var (status, json) = await PostAsync(broken[..(random.Next(4) == 0 ? random.Next(broken.Length) : broken.Length)]);

            Assert.That((int)status, Is.LessThan(500), () => $"round {round}: {json}");
        }
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

    private async Task AssertProblemAsync(byte[] upload, HttpStatusCode status, string code)
    {
        var (actual, json) = await PostAsync(upload);

        Assert.That(actual, Is.EqualTo(status));
        Assert.That(json.GetProperty("type").GetString(), Is.EqualTo("urn:facesearch:problem:" + code));
        Assert.That(Directory.EnumerateFileSystemEntries(server.UploadFolder), Is.Empty);
    }

    private async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(byte[] zip)
    {
        var response = await Client.PostAsync("/add_faces_in_bulk/", Form(zip));
        return (response.StatusCode, await response.ReadJsonAsync());
    }

    private async Task<JsonElement> FollowAsync(string location)
    {
        while (true)
        {
            var job = await (await Client.GetAsync(location)).ReadJsonAsync();
            if (job.GetProperty("endedAt").ValueKind != JsonValueKind.Null)
                return job;
        }
    }

    private async Task<string?> FindPersonAsync(float face)
    {
        var json = await (await Client.PostPictureAsync("/search_faces/?k=1", StandInEncoders.Picture(face))).ReadJsonAsync();
        var found = json.GetProperty("faces")[0].GetProperty("matches");
        return found.GetArrayLength() == 0 ? null : found[0].GetProperty("person").GetString();
    }

    private static (int Inserted, int Duplicates, int Failed, int Skipped) Counts(JsonElement json) => (
        json.GetProperty("inserted").GetInt32(), json.GetProperty("duplicates").GetInt32(),
        json.GetProperty("failed").GetInt32(), json.GetProperty("skipped").GetInt32());

    private static IEnumerable<string> Failures(JsonElement json) => json.GetProperty("failures").EnumerateArray()
        .Select(failure => $"{failure.GetProperty("name").GetString()}: {failure.GetProperty("reason").GetString()}");

    private static MultipartFormDataContent Form(byte[] zip) => new() { { new ByteArrayContent(zip), "file", "faces.zip" } };

    /// <summary>Rewrites the only entry's directory record to carry the length in a Zip64 extra field.</summary>
    private static byte[] WithClaimedLength(byte[] zip, long length)
    {
        var record = zip.AsSpan().IndexOf("PK\u0001\u0002"u8);
        var end = zip.AsSpan().IndexOf("PK\u0005\u0006"u8);
        byte[] extra = [1, 0, 8, 0, .. BitConverter.GetBytes(length)];
        byte[] result = [.. zip[..end], .. extra, .. zip[end..]];
        BitConverter.TryWriteBytes(result.AsSpan(record + 24), uint.MaxValue);
        BitConverter.TryWriteBytes(result.AsSpan(record + 30), (ushort)extra.Length);
        var directorySize = BitConverter.ToInt32(zip, end + 12) + extra.Length;
        BitConverter.TryWriteBytes(result.AsSpan(end + extra.Length + 12), directorySize);
        return result;
    }
}
