using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Processes;

/// <summary>The disk becomes full during a job, simulated by a limit on the size of a file.</summary>
[Platform("Linux")]
[NonParallelizable]
internal sealed class DiskFullTests
{
    private const int Half = DrawnGallery.Pictures / 2;

    private const int MaxFileKilobytes = 4500;

    /// <summary>
    /// The archive of one half is as large as a file may be. SQLite fills its file and then its write-ahead log, so the
    /// second half fits only in part.
    /// </summary>
    private const int PictureBytes = 37_500;

    [Test]
    public async Task Job_DiskFull_PausesUntilThereIsSpace()
    {
        await using var database = new TestDatabase(DatabaseProvider.Sqlite);
        database.Server.Settings["Enrolment:RunJobs"] = "false";
        var archives = new[] { 0, 1 }.Select(half => WriteArchive(database.Folder, half)).ToArray();

        string location, key;
        var settings = new Dictionary<string, string>(database.Settings) { ["Enrolment:BatchSize"] = "8" };
        await using (var full = await ServerProcess.StartAsync(database.Folder, settings, MaxFileKilobytes))
        {
            key = await database.Server.IssueKeyAsync(AccessScopes.All);
            full.UseKey(key);
            (await full.PostAsync("/add_faces_in_bulk/", archives[0])).EnsureSuccessStatusCode();
            location = (await full.PostAsync("/add_faces_in_bulk/", archives[1], respondAsync: true)).Headers.Location!.ToString();
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

    private static string WriteArchive(string folder, int half)
    {
        var path = Path.Combine(folder, $"{half}.zip");
        File.WriteAllBytes(path, Archives.Zip([.. DrawnGallery.Files.Skip(half * Half).Take(Half).Select(Padded)]));
        return path;
    }

    /// <summary>A picture with bytes after its end, so that it has the size of a photograph.</summary>
    private static (string Name, byte[] Bytes) Padded(string file)
    {
        var picture = File.ReadAllBytes(file);
        var padding = new byte[PictureBytes - picture.Length];
        new Random(1).NextBytes(padding);
        return (Path.GetFileName(file), [.. picture, .. padding]);
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
