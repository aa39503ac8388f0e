using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.Integration.Tests.Support;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.Processes;

/// <summary>Real server processes with the real engine and drawn people, on one database.</summary>
internal sealed class ProcessTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private const int Pictures = 120;

    private string ada;

    [SetUp]
    public void Require()
    {
        ada = DrawnGallery.File(DrawnGallery.People - 1, 1);
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
        Assert.That(await EventuallyAsync(async () => await CountAsync(other) == 1), Is.True);

        await WithAsync(async db =>
        {
            db.Images.Remove(await db.Images.SingleAsync());
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        Assert.That(await EventuallyAsync(async () => await CountAsync(one) + await CountAsync(other) == 0), Is.True);
    }

    [Test]
    public async Task JobOfAProcessThatIsKilled_IsEndedByTheOther()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await GiveKeyAsync(one, other);
        var zip = Path.Combine(Database.Folder, "people.zip");
        DrawnGallery.Zip(zip, Enumerable.Range(0, Pictures));
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

    /// <summary>From the best profile to another; the process is killed during the job.</summary>
    [Test]
    public async Task ReembeddingOfAProcessThatIsKilled_IsEndedByTheOther_AndEveryFaceFindsItself()
    {
        var target = Another();
        await using var one = await StartAsync(("Engine:OtherProfiles:0", target), ("Enrolment:BatchSize", "4"));
        await using var other = await StartAsync(("Engine:OtherProfiles:0", target), ("Enrolment:BatchSize", "4"));
        await GiveKeyAsync(one, other);
        var zip = Path.Combine(Database.Folder, "people.zip");
        DrawnGallery.Zip(zip, Enumerable.Range(0, 24));
        var enrolled = await (await one.PostAsync("/add_faces_in_bulk/", zip)).ReadJsonAsync();
        (await one.PostAsync("/add_face/", ada)).EnsureSuccessStatusCode();

        var started = await one.Client.PostAsync($"/v1/collections/default/reembed?profile={target}&dropFailed=true", null);
        var location = started.Headers.Location!.ToString();
        while ((await (await other.Client.GetAsync(location)).ReadJsonAsync()).GetProperty("done").GetInt32() == 0)
            await Task.Delay(20);
        var isOnes = await WithAsync(db => db.EnrolmentJobs.AnyAsync(job => job.Owner!.StartsWith(one.Id + "-")));
        await (isOnes ? one : other).KillAsync();
        var survivor = isOnes ? other : one;
        System.Text.Json.JsonElement job;
        do
        {
            Assert.That(await CountAsync(survivor), Is.EqualTo(1), "found all the time");
            job = await (await survivor.Client.GetAsync(location)).ReadJsonAsync();
        }
        while (job.GetProperty("endedAt").ValueKind == System.Text.Json.JsonValueKind.Null);

        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("succeeded"), job.ToString());
        Assert.That(job.GetProperty("inserted").GetInt32(), Is.GreaterThanOrEqualTo(enrolled.GetProperty("inserted").GetInt32() - 2));
        var model = job.GetProperty("model").GetString();
        Assert.That(
            await EventuallyAsync(async () => (await SearchAsync(survivor)).GetProperty("model").GetString() == model), Is.True);
        var match = (await SearchAsync(survivor)).GetProperty("faces")[0].GetProperty("matches")[0];
        Assert.That(match.GetProperty("distance").GetSingle(), Is.LessThan(0.001f));
    }

    /// <summary>An available profile, other than the servers' first one.</summary>
    private static string Another()
    {
        var other = TestEngine.Available.Except([TestEngine.Profile]).FirstOrDefault();
        if (other is null)
            Assert.Ignore("Needs the model files of two profiles, and only one's can be fetched here: put them into dlib-models.");

        return other!;
    }

    private Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(Database.Settings) { ["Enrolment:LeaseSeconds"] = "2" };
        foreach (var (name, value) in settings)
            all[name] = value;

        return ServerProcess.StartAsync(Database.Folder, all);
    }

    /// <summary>
    /// The first process created the database with the real model; the test's own server only writes to it.
    /// </summary>
    private async Task GiveKeyAsync(params ServerProcess[] servers)
    {
        var key = await Server.IssueKeyAsync(AccessScopes.All);
        foreach (var server in servers)
            server.UseKey(key);
    }

    private async Task<int> CountAsync(ServerProcess server)
    {
        var json = await SearchAsync(server);
        return json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength();
    }

    private async Task<System.Text.Json.JsonElement> SearchAsync(ServerProcess server) =>
        await (await server.PostAsync("/search_faces/?tolerance=0.25", ada)).ReadJsonAsync();
}
