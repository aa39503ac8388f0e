using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Idempotency;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Faces;

internal sealed class ErasureTests
{
    private const string Person = "Erin Example";
    private const float Single = 1.2345678f;
    private const float Bulk = 1.3456789f;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestServer server;
    private HttpClient client;
    private byte[] picture;
    private byte[] bulkPicture;

    /// <summary>Enrolled one by one and in bulk, with a kept archive, a stored answer, a snapshot and a log.</summary>
    [SetUp]
    public async Task EnrolAsync()
    {
        (picture, bulkPicture) = (LargePicture(Single), LargePicture(Bulk));
        server = new TestServer { Settings = { ["Index:SnapshotMinutes"] = "0.001" } };
        server.Settings["Serilog:MinimumLevel:Default"] = "Verbose";
        server.Settings["Serilog:MinimumLevel:Override:Microsoft"] = "Verbose";
        server.Settings["Serilog:WriteTo:0:Name"] = "File";
        server.Settings["Serilog:WriteTo:0:Args:path"] = Path.Combine(server.Folder, "server.log");
        server.Settings["Serilog:WriteTo:0:Args:shared"] = "true";
        client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));

        await client.PostPictureAsync("/add_face/", picture, "Erin_Example_0001.png");
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture("else", 1.25f), "Someone_Else_0001.png");
        var archive = Stored(
            ("Erin_Example/1.png", bulkPicture), ("Someone_Else/1.png", StandInEncoders.Picture("bulk", 7f)),
            ("Erin Example/broken.png", "no picture"u8.ToArray()));
        var job = await client.PostPictureAsync("/add_faces_in_bulk/", archive, "faces.zip");
        Assert.That((await job.ReadJsonAsync()).GetProperty("inserted").GetInt32(), Is.EqualTo(2));
    }

    [TearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task Erase_Person_LeavesNoByteOfThemInAnyFile()
    {
        await StoreAnswerAsync();
        await UntilAsync(() => FilesWith(Floats(Single)).Any(file => file.EndsWith(".faces", StringComparison.Ordinal)));
        Assert.That(FilesWith(picture[^64..^32]), Is.Not.Empty, "The test could not find remaining bytes.");
        Assert.That(FilesWith(bulkPicture[^64..^32]).Any(file => file.EndsWith(".zip", StringComparison.Ordinal)), Is.True);

        var receipt = await EraseAsync();

        AssertNothingLeft();
        await UntilAsync(() => Directory.GetFiles(Path.Combine(server.Folder, "data", "index"), "*.faces").Length > 0);
        AssertNothingLeft();
        foreach (var (name, expected) in new[] { ("faceCount", 2), ("imageCount", 2), ("jobItemCount", 2), ("exclusionCount", 0), ("archiveCount", 1) })
            Assert.That(receipt.GetProperty(name).GetInt32(), Is.EqualTo(expected), name);
    }

    [Test]
    public async Task Erase_Person_IsNotFoundBySearches()
    {
        var id = await PersonIdAsync();
        await EraseAsync();

        var found = await SearchAsync(Single, Bulk);
        var person = await client.GetAsync($"/v1/collections/default/persons/{id}");

        Assert.That(found.Select(PersonsOf), Is.All.EqualTo(new[] { "Someone Else" }));
        Assert.That(person.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await client.DeleteAsync("/v1/collections/default/persons/999")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Erase_AfterARestartFromASnapshot_LeavesNoByte()
    {
        await UntilAsync(() => FilesWith(Floats(Bulk)).Any(file => file.EndsWith(".faces", StringComparison.Ordinal)));
        await using var second = new TestServer(folder: server.Folder);
        second.Settings["Index:SnapshotMinutes"] = "0.001";
        using var secondClient = second.CreateClient();
        secondClient.DefaultRequestHeaders.Add("X-Api-Key", await second.IssueKeyAsync(AccessScopes.All));
        var id = await PersonIdAsync();

        var erased = await secondClient.DeleteAsync($"/v1/collections/default/persons/{id}");
        Assert.That(erased.StatusCode, Is.EqualTo(HttpStatusCode.OK));

        // The first server may be writing its own snapshot; it reads the removal soon.
        await UntilAsync(() => PersonsOf(SearchAsync(Single).Result[0]) is ["Someone Else"]);
        await UntilAsync(() => FilesWith(Floats(Single)).Count == 0 && FilesWith(Floats(Bulk)).Count == 0);
    }

    [Test]
    public async Task Erase_PictureWithOthers_LeavesTheirFacesAndNoPicture()
    {
        var shared = LargePicture(5f, 6f);
        await client.PostPictureAsync("/add_face/", shared, "Erin_Example_0002.png");
        await AddSecondFaceAsync();

        var receipt = await EraseAsync();

        Assert.That(receipt.GetProperty("faceCount").GetInt32(), Is.EqualTo(3));
        Assert.That(receipt.GetProperty("imageCount").GetInt32(), Is.EqualTo(3));
        Assert.That((await SearchAsync(6f)).Select(PersonsOf), Is.EqualTo(new[] { new string?[] { null } }));
        AssertNothingLeft();
        Assert.That(FilesWith(shared[^64..^32]), Is.Empty);
        await WithDatabaseAsync(async db =>
        {
            var image = await db.Images.SingleAsync(row => row.Faces.Any(face => face.Box.X == 77));
            Assert.That((image.FileName, image.Version, image.Metadata.Camera), Is.EqualTo((string.Empty, (int?)null, (string?)null)));
        });
    }

    [Test]
    public async Task Erase_WhileAJobOfTheCollectionRuns_ErasesAndAnswersTheSameReceiptAgain()
    {
        await WithDatabaseAsync(async db =>
        {
            var collection = await db.Collections.SingleAsync();
            var job = new EnrolmentJob { CollectionId = collection.Id, CreatedAt = DateTime.UtcNow };
            db.EnrolmentJobs.Add(job);
            await db.SaveChangesAsync(default);
            await db.EnrolmentJobs.Where(row => row.Id == job.Id).ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Owner, "another").SetProperty(row => row.LeasedUntil, DateTime.UtcNow.AddHours(1)));
        });

        var id = await PersonIdAsync();

        var receipt = await EraseAsync();
        var repeated = await client.DeleteAsync($"/v1/collections/default/persons/{id}");

        AssertNothingLeft();
        Assert.That(repeated.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await repeated.ReadJsonAsync()).ToString(), Is.EqualTo(receipt.ToString()));
    }

    private void AssertNothingLeft()
    {
        foreach (var trace in new[] { Floats(Single), Floats(Bulk), Encoding.UTF8.GetBytes(Person), "Erin_Example"u8.ToArray() })
            Assert.That(FilesWith(trace), Is.Empty, Encoding.UTF8.GetString(trace));
        foreach (var chunk in picture.Chunk(24).Skip(2).Concat(bulkPicture.Chunk(24).Skip(2)).Where(chunk => chunk.Length == 24))
            Assert.That(FilesWith(chunk), Is.Empty, Encoding.UTF8.GetString(chunk));
    }

    /// <summary>The files below the server's folder that have these bytes in them.</summary>
    private List<string> FilesWith(byte[] bytes) =>
        [.. Directory.GetFiles(server.Folder, "*", SearchOption.AllDirectories).Where(file => ReadShared(file).AsSpan().IndexOf(bytes) >= 0)];

    /// <summary>Empty when the file is deleted; waits for a file that is being written.</summary>
    private static byte[] ReadShared(string file)
    {
        while (true)
        {
            try
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                return copy.ToArray();
            }
            catch (FileNotFoundException)
            {
                return [];
            }
            catch (IOException)
            {
                Thread.Yield();
            }
        }
    }

    private async Task<JsonElement> EraseAsync()
    {
        var response = await client.DeleteAsync($"/v1/collections/default/persons/{await PersonIdAsync()}");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.ReadJsonAsync();
    }

    private async Task<string?> PersonIdAsync() =>
        (await (await client.GetAsync("/v1/collections/default/persons?name=Erin%20Example")).ReadJsonAsync())
            .GetProperty("persons")[0].GetProperty("personId").GetString();

    private async Task<JsonElement[]> SearchAsync(params float[] faces) =>
        [.. (await (await client.PostPictureAsync("/search_faces/?tolerance=0.2", StandInEncoders.Picture(faces))).ReadJsonAsync())
            .GetProperty("faces").EnumerateArray()];

    private static string?[] PersonsOf(JsonElement face) =>
        [.. face.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("person").GetString())];

    private Task StoreAnswerAsync() => WithDatabaseAsync(async db =>
    {
        db.IdempotentRequests.Add(new IdempotentRequest
        {
            Key = "k", RequestHash = new string('0', 64), CreatedAt = DateTime.UtcNow, Status = 201,
            Body = Encoding.UTF8.GetBytes($$"""{"face": {"faceId": "1", "person": "{{Person}}"} }"""),
        });
        db.IdempotentRequests.Add(new IdempotentRequest
        {
            Key = "other", RequestHash = new string('0', 64), CreatedAt = DateTime.UtcNow, Status = 201,
            Body = Encoding.UTF8.GetBytes("""{"person":"Someone Else"}"""),
        });
        await db.SaveChangesAsync(default);
    });

    /// <summary>A face without a person, in the picture that was enrolled last.</summary>
    private Task AddSecondFaceAsync() => WithDatabaseAsync(async db =>
    {
        var image = await db.Images.OrderBy(row => row.Id).LastAsync();
        var face = new Face
        {
            CollectionId = image.CollectionId, Image = image, Box = new BoundingBox(77, 0, 10, 10),
            Embeddings = { StandInEncoders.RowOf(6f) }, AddedAt = DateTime.UtcNow,
        };
        db.Faces.Add(face);
        await db.SaveChangesAsync(default);
        await server.Services.GetRequiredService<IIndexChanges>().CommittedAsync(
            new FacesAdded(image.CollectionId, StandInEncoders.ModelName, [GalleryFace.Of(face)]), default);
    });

    private async Task WithDatabaseAsync(Func<IFaceSearchDbContext, Task> work)
    {
        await using var scope = server.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>());
    }

    /// <summary>Long enough for several pages, with bytes that no other file has.</summary>
    private static byte[] LargePicture(params float[] faces) =>
        StandInEncoders.Picture(Convert.ToHexString(RandomNumberGenerator.GetBytes(10_000)), faces);

    /// <summary>The first bytes of an embedding of the stand-in, in memory and in the database.</summary>
    private static byte[] Floats(float face) => [.. BitConverter.GetBytes(face), 0, 0, 0, 0];

    /// <summary>A zip of the files without compression.</summary>
    private static byte[] Stored(params (string Name, byte[] Bytes)[] entries)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in entries)
            {
                using var stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(bytes);
            }
        }

        return buffer.ToArray();
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var deadline = DateTime.UtcNow + Patience; !isSo(); await Task.Delay(20))
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline), "The condition was not met in time.");
    }
}
