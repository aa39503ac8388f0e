using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>A collection gets another model while two servers search, enrol and remove.</summary>
internal sealed class ReembeddingTests(DatabaseProvider provider) : ReembeddingFixture(provider)
{
    [Test]
    public async Task Searches_AtTwoServers_NeverFailNorMiss_WhileTheModelChanges()
    {
        await EnrolAsync(Faces);
        var otherServer = NewServer();
        using var other = ClientOf(otherServer);
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(other, 1f) == 1), Is.True);
        using var stop = new CancellationTokenSource();
        var (answers, enrolled) = (new ConcurrentBag<Answer>(), new ConcurrentQueue<float>());
        Task[] traffic =
        [
            SearchOnAsync(Client, answers, stop.Token),
            SearchOnAsync(other, answers, stop.Token),
            EnrolOnAsync(other, enrolled, stop.Token),
        ];

        var job = await EndAsync(await StartAsync(Reembed));
        await UntilSearchedByAsync(Client, StandInEncoders.SecondModelName);
        await UntilSearchedByAsync(other, StandInEncoders.SecondModelName);
        await UntilAsync(() => answers.Count(answer => answer.Model == StandInEncoders.SecondModelName) > 20);
        await stop.CancelAsync();
        await Task.WhenAll(traffic);

        Assert.That(job.GetProperty("state").GetString(), Is.EqualTo("succeeded"), job.ToString());
        Assert.That(job.GetProperty("kind").GetString(), Is.EqualTo("reembedding"));
        Assert.That(answers.Where(answer => !answer.IsRight), Is.Empty);
        Assert.That(answers.Select(answer => answer.Model).Distinct().Count(), Is.EqualTo(2), "searched before and after");
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
        foreach (var face in enrolled)
            Assert.That(await CountMatchesAsync(other, face), Is.EqualTo(1), $"{face} was enrolled meanwhile");
        Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(Client, enrolled.Last()) == 1), Is.True);
    }

    [Test, Category("Fault-C15")]
    public async Task RequestsAtOnce_AtTwoServers_StartOneJob()
    {
        await EnrolAsync(1);
        using var gate = new EngineGate(Server);
        using var other = ClientOf(NewServer());

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? Client : other).PostAsync(Reembed, null)));
        gate.Open();

        Assert.That(answers.Select(answer => answer.StatusCode), Has.Exactly(1).EqualTo(HttpStatusCode.Accepted));
        Assert.That(answers.Select(answer => answer.StatusCode), Has.Exactly(7).EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public async Task Bulk_WhileTheModelChanges_EndsWithEveryFaceOfTheNewOne()
    {
        await EnrolAsync(40);
        var other = NewServer();
        using var otherClient = ClientOf(other);
        using var gate = new EngineGate(Server, other);
        var zip = Archives.Zip([.. Enumerable.Range(0, 200).Select(i => ($"{i}.png", StandInEncoders.Picture($"b{i}", 1000f + i)))]);
        var reembedding = await StartAsync(Reembed);
        await gate.Reached;

        var bulk = await StartAsync(() => PostZipAsync(zip));
        gate.Open();
        var (changed, added) = (await EndAsync(reembedding), await EndAsync(bulk));

        Assert.That(changed.GetProperty("state").GetString(), Is.EqualTo("succeeded"), changed.ToString());
        Assert.That(added.GetProperty("inserted").GetInt32(), Is.EqualTo(200), added.ToString());
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
        await UntilSearchedByAsync(Client, StandInEncoders.SecondModelName);
        foreach (var face in new[] { 1f, 1000f, 1199f })
            Assert.That(await EventuallyAsync(async () => await CountMatchesAsync(Client, face) == 1), Is.True);
    }

    [Test]
    public async Task Enrol_EmbeddedBeforeTheSwitchAndSavedAfter_IsEmbeddedAgain()
    {
        await EnrolAsync(3);
        var slow = NewServer(("Enrolment:RunJobs", "false"));
        using var slowClient = ClientOf(slow);
        using var gate = new EngineGate(slow);
        var enrolling = slowClient.PostPictureAsync("/add_face/", StandInEncoders.Picture(500f));
        await gate.Reached;

        await EndAsync(await StartAsync(Reembed));
        gate.Open();
        var added = await enrolling;

        Assert.That(added.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        Assert.That((await added.ReadJsonAsync()).GetProperty("model").GetString(), Is.EqualTo(StandInEncoders.SecondModelName));
        Assert.That(await CountMatchesAsync(slowClient, 500f), Is.EqualTo(1), "found in the process that enrolled it");
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
    }

    [Test]
    public async Task RemovedMeanwhile_StaysRemoved()
    {
        await EnrolAsync(40);
        using var gate = new EngineGate(Server);
        var job = await StartAsync(Reembed);
        await gate.Reached;

        await WithAsync(async db =>
        {
            db.Images.RemoveRange(await db.Images.OrderBy(image => image.Id).Take(3).ToListAsync());
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        gate.Open();
        var ended = await EndAsync(job);

        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That(ended.GetProperty("inserted").GetInt32(), Is.EqualTo(37));
        await UntilSearchedByAsync(Client, StandInEncoders.SecondModelName);
        Assert.That(await CountMatchesAsync(Client, 1f), Is.Zero);
        Assert.That(await CountMatchesAsync(Client, 20f), Is.EqualTo(1));
    }

    private static async Task SearchOnAsync(HttpClient client, ConcurrentBag<Answer> answers, CancellationToken stop)
    {
        for (var face = 1; !stop.IsCancellationRequested; face = face % Faces + 1)
        {
            var response = await client.PostPictureAsync("/search_faces/?tolerance=0.3", StandInEncoders.Picture(face));
            var text = await response.Content.ReadAsStringAsync(CancellationToken.None);
            var json = JsonDocument.Parse(text).RootElement;
            var isRight = response.IsSuccessStatusCode
                && json.GetProperty("faces")[0].GetProperty("matches") is var matches
                && matches.GetArrayLength() == 1
                && matches[0].GetProperty("distance").GetSingle() == 0;
            answers.Add(new Answer(isRight ? json.GetProperty("model").GetString()! : "none", isRight, isRight ? "" : $"{face}: {text}"));
        }
    }

    private static async Task EnrolOnAsync(HttpClient client, ConcurrentQueue<float> enrolled, CancellationToken stop)
    {
        for (var face = 2000f; !stop.IsCancellationRequested; face++)
        {
            var response = await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(face));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync(CancellationToken.None));
            Assert.That(await CountMatchesAsync(client, face), Is.EqualTo(1), $"{face} is found when its 201 has been sent");
            enrolled.Enqueue(face);
        }
    }

    private sealed record Answer(string Model, bool IsRight, string Wrong);
}
