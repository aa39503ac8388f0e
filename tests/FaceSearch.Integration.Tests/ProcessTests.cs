using System.IO.Compression;
using FaceSearch.Api.Tests;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests;

/// <summary>Real server processes with their real engine and real photographs, on one database.</summary>
internal sealed class ProcessTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    private string ada;

    [SetUp]
    public void Require()
    {
        ada = SharedData.Face("lfw/Ashanti/Ashanti_0001.jpg");
        Server.Settings["Enrolment:RunJobs"] = "false";
    }

    [Test]
    public async Task FaceOfOneProcess_IsFoundAndGoneInTheOther()
    {
        var key = await NewKeyAsync();
        await using var one = await StartAsync(key);
        await using var other = await StartAsync(key);
        Assert.That(await CountAsync(other), Is.Zero);

        (await one.PostAsync("/add_face/", ada)).EnsureSuccessStatusCode();
        Assert.That(await EventuallyAsync(async () => await CountAsync(other) == 1, Promised), Is.True);

        await WithAsync(async db =>
        {
            db.Images.Remove(await db.Images.SingleAsync());
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        Assert.That(await EventuallyAsync(async () => await CountAsync(one) + await CountAsync(other) == 0, Promised), Is.True);
    }

    [Test]
    public async Task JobOfAProcessThatIsKilled_IsEndedByTheOther()
    {
        var key = await NewKeyAsync();
        await using var victim = await StartAsync(key);
        var zip = Path.Combine(Database.Folder, "lfw.zip");
        ZipFile.CreateFromDirectory(SharedData.Face("lfw"), zip, CompressionLevel.NoCompression, includeBaseDirectory: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/add_faces_in_bulk/");
        request.Headers.Add("Prefer", "respond-async");
        await using var file = File.OpenRead(zip);
        request.Content = new MultipartFormDataContent { { new StreamContent(file), "file", "lfw.zip" } };
        var location = (await victim.Client.SendAsync(request)).Headers.Location!.ToString();
        await using var heir = await StartAsync(key);
        while ((await (await heir.Client.GetAsync(location)).ReadJsonAsync()).GetProperty("done").GetInt32() == 0)
            await Task.Delay(20);

        await victim.KillAsync();
        System.Text.Json.JsonElement job;
        do
        {
            await Task.Delay(100);
            job = await (await heir.Client.GetAsync(location)).ReadJsonAsync();
        }
        while (job.GetProperty("endedAt").ValueKind == System.Text.Json.JsonValueKind.Null);

        var faces = await WithAsync(db => db.Faces.CountAsync());
        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(job.GetProperty("done").GetInt32(), Is.EqualTo(372));
        Assert.That(faces, Is.EqualTo(job.GetProperty("inserted").GetInt32()).And.GreaterThanOrEqualTo(365));
    }

    private Task<ServerProcess> StartAsync(string key) => ServerProcess.StartAsync(
        Database.Folder, new(Database.Settings) { ["Enrolment:LeaseSeconds"] = "2" }, key);

    /// <summary>The database is made, and pinned to the real model, by the first process; the test's own server only writes to it.</summary>
    private async Task<string> NewKeyAsync()
    {
        await using var first = await ServerProcess.StartAsync(Database.Folder, Database.Settings, string.Empty);
        return await Server.IssueKeyAsync(AccessScopes.All);
    }

    private async Task<int> CountAsync(ServerProcess server)
    {
        var json = await (await server.PostAsync("/search_faces/", ada)).ReadJsonAsync();
        return json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength();
    }
}
