using FaceSearch.Api.Tests;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests;

/// <summary>Real server processes with the real engine and real photographs, on one database.</summary>
internal sealed class ProcessTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private const int Pictures = 120;

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
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await GiveKeyAsync(one, other);
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
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await GiveKeyAsync(one, other);
        var zip = Path.Combine(Database.Folder, "lfw.zip");
        SharedData.ZipFaces(zip, Enumerable.Range(0, Pictures));
        var location = (await one.PostAsync("/add_faces_in_bulk/", zip, respondAsync: true)).Headers.Location!.ToString();
        while ((await (await other.Client.GetAsync(location)).ReadJsonAsync()).GetProperty("done").GetInt32() == 0)
            await Task.Delay(20);

        var isOnes = await WithAsync(db => db.EnrolmentJobs.AnyAsync(job => job.Owner!.StartsWith(one.Id + "-")));
        await (isOnes ? one : other).KillAsync();
        var survivor = isOnes ? other : one;
        System.Text.Json.JsonElement job;
        do
        {
            await Task.Delay(100);
            job = await (await survivor.Client.GetAsync(location)).ReadJsonAsync();
        }
        while (job.GetProperty("endedAt").ValueKind == System.Text.Json.JsonValueKind.Null);

        var faces = await WithAsync(db => db.Faces.CountAsync());
        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(job.GetProperty("done").GetInt32(), Is.EqualTo(Pictures));
        Assert.That(faces, Is.EqualTo(job.GetProperty("inserted").GetInt32()).And.GreaterThanOrEqualTo(Pictures - 5));
    }

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(
        Database.Folder, new(Database.Settings) { ["Enrolment:LeaseSeconds"] = "2" });

    /// <summary>
    /// The first process has made the database and pinned it to the real model; the test's own server only writes to it.
    /// </summary>
    private async Task GiveKeyAsync(params ServerProcess[] servers)
    {
        var key = await Server.IssueKeyAsync(AccessScopes.All);
        foreach (var server in servers)
            server.UseKey(key);
    }

    private async Task<int> CountAsync(ServerProcess server)
    {
        var json = await (await server.PostAsync("/search_faces/", ada)).ReadJsonAsync();
        return json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength();
    }
}
