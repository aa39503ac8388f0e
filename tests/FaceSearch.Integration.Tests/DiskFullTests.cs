using System.Text.Json;
using FaceSearch.Api.Tests;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests;

/// <summary>The disk becomes full during a job, simulated by a limit on the size of a file.</summary>
[Platform("Linux")]
internal sealed class DiskFullTests
{
    private const int Half = DrawnGallery.Pictures / 2;

    /// <summary>The archive of one half is below the limit, the database of both is not.</summary>
    private const int MaxFileKilobytes = 4500;

    [Test]
    public async Task Job_DiskFull_PausesUntilThereIsSpace()
    {
        await using var database = new TestDatabase(DatabaseProvider.Sqlite);
        database.Server.Settings["Enrolment:RunJobs"] = "false";
        var (first, second) = (Path.Combine(database.Folder, "1.zip"), Path.Combine(database.Folder, "2.zip"));
        await File.WriteAllBytesAsync(first, Archives.Zip([.. DrawnGallery.Files.Take(Half).Select(Padded)]));
        await File.WriteAllBytesAsync(second, Archives.Zip([.. DrawnGallery.Files.Skip(Half).Select(Padded)]));

        string location, key;
        var settings = new Dictionary<string, string>(database.Settings) { ["Enrolment:BatchSize"] = "8" };
        await using (var full = await ServerProcess.StartAsync(database.Folder, settings, MaxFileKilobytes))
        {
            key = await database.Server.IssueKeyAsync(AccessScopes.All);
            full.UseKey(key);
            (await full.PostAsync("/add_faces_in_bulk/", first)).EnsureSuccessStatusCode();
            location = (await full.PostAsync("/add_faces_in_bulk/", second, respondAsync: true)).Headers.Location!.ToString();
            Assert.That(await UntilStoppedAsync(full, location), Is.InRange(1, Half - 1), "pictures until the disk was full");
            Assert.That((await full.PostAsync("/search_faces/", DrawnGallery.File(0, 1))).IsSuccessStatusCode);
        }

        await using var roomy = await ServerProcess.StartAsync(database.Folder, database.Settings);
        roomy.UseKey(key);
        JsonElement job;
        while ((job = await JobAsync(roomy, location)).GetProperty("endedAt").ValueKind == JsonValueKind.Null)
            await Task.Delay(50);

        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("succeeded"), job.ToString());
        Assert.That(job.GetProperty("done").GetInt32(), Is.EqualTo(Half));
        Assert.That(job.GetProperty("failed").GetInt32(), Is.LessThanOrEqualTo(2), "no picture failed because of the full disk");
    }

    /// <summary>A picture with bytes after its end, so that it has the size of a photograph.</summary>
    private static (string Name, byte[] Bytes) Padded(string file)
    {
        var padding = new byte[16 << 10];
        new Random(1).NextBytes(padding);
        return (Path.GetFileName(file), [.. File.ReadAllBytes(file), .. padding]);
    }

    /// <summary>The progress of a job that has stalled for longer than the worker's pause; it must not have ended.</summary>
    private static async Task<int> UntilStoppedAsync(ServerProcess server, string location)
    {
        var (last, since) = (-1, DateTime.UtcNow);
        while (DateTime.UtcNow - since < TimeSpan.FromSeconds(6))
        {
            await Task.Delay(100);
            var job = await JobAsync(server, location);
            Assert.That(job.GetProperty("endedAt").ValueKind, Is.EqualTo(JsonValueKind.Null), job.ToString());
            var done = job.GetProperty("done").GetInt32();
            if (done != last)
                (last, since) = (done, DateTime.UtcNow);
        }

        return last;
    }

    private static async Task<JsonElement> JobAsync(ServerProcess server, string location) =>
        await (await server.Client.GetAsync(location)).ReadJsonAsync();
}
