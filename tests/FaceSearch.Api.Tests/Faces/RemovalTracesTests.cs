using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Idempotency;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>What the removal of a face or a collection leaves in the server's files.</summary>
[Category("Fault-C6")]
internal sealed class RemovalTracesTests
{
    private TestServer server;
    private HttpClient client;
    private byte[] picture;

    [SetUp]
    public async Task EnrolAsync()
    {
        picture = StandInEncoders.Picture(Convert.ToHexString(RandomNumberGenerator.GetBytes(10_000)), 1.2345678f);
        server = new TestServer();
        client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        await client.PostAsync("/v1/collections", JsonContent("""{"name":"staff"}"""));
        await client.PostPictureAsync("/v1/collections/staff/faces", picture);
        Assert.That(FilesWithThePicture(), Is.Not.Empty);
    }

    [TearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
    }

    [Test]
    public async Task RemoveFace_LeavesNoPicture_NorAnswer()
    {
        var face = await WithDatabaseAsync(db => db.Faces.SingleAsync());
        await StoreAnswersAsync($$"""{"faceId":"{{face.Id}}"}""", """{"faceId":"999"}""");

        var removed = await client.DeleteAsync($"/v1/collections/staff/faces/{face.Id}");

        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(FilesWithThePicture(), Is.Empty);
        Assert.That(await AnswersAsync(), Is.EqualTo(new[] { """{"faceId":"999"}""" }));
    }

    /// <summary>A reader of an earlier snapshot keeps removed pages in the write-ahead log.</summary>
    [Test, Category("Fault-A15")]
    public async Task RemoveFace_WhileAnExportStalls_LeavesNoPicture()
    {
        var face = await WithDatabaseAsync(db => db.Faces.SingleAsync());
        for (var i = 0; i < 20; i++)
            await client.PostPictureAsync("/v1/collections/staff/faces", StandInEncoders.Picture(Convert.ToHexString(RandomNumberGenerator.GetBytes(100_000)), i));
        using var export = await client.GetAsync("/v1/collections/staff/export?pictures=true", HttpCompletionOption.ResponseHeadersRead);

        var removed = await client.DeleteAsync($"/v1/collections/staff/faces/{face.Id}");

        Assert.That(export.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(FilesWithThePicture(), Is.Empty);
    }

    [Test, Category("Fault-D3")]
    public async Task RemoveFace_ReadsNoOldAnswerInItsTransaction()
    {
        var face = await WithDatabaseAsync(db => db.Faces.SingleAsync());
        await StoreAnswersAsync($$"""{"faceId":"{{face.Id}}"}""", """{"faceId":"999"}""");
        var old = DateTime.UtcNow.AddHours(-1);
        await WithDatabaseAsync(db => db.IdempotentRequests.ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, old)));
        await client.PostOnceAsync("/v1/collections", JsonContent("""{"name":"new"}"""), "new");
        using var reads = new AnswerReads(server.DatabaseFile);

        await client.DeleteAsync($"/v1/collections/staff/faces/{face.Id}");

        Assert.That(reads.SinceInTransactions, Is.Not.Empty.And.All.GreaterThan(old));
        Assert.That(await AnswersAsync(), Has.Length.EqualTo(2).And.None.Contains($"\"{face.Id}\""));
    }

    [Test]
    public async Task RemoveCollection_LeavesNoPicture_NorAnswer()
    {
        await StoreAnswersAsync("""{"collection":"staff"}""", """{"collection":"guests"}""");

        var removed = await client.DeleteAsync("/v1/collections/staff");

        Assert.That(removed.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(FilesWithThePicture(), Is.Empty);
        Assert.That(await AnswersAsync(), Is.EqualTo(new[] { """{"collection":"guests"}""" }));
    }

    /// <summary>From when on stored answers are read in transactions.</summary>
    private sealed class AnswerReads : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly string file;
        private readonly List<IDisposable> subscriptions = [];

        public AnswerReads(string file)
        {
            this.file = file;
            subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public ConcurrentQueue<DateTime> SinceInTransactions { get; } = [];

        public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name)
                subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: var name, Value: CommandEventData { Command: { Transaction: not null } command } }
                && name == RelationalEventId.CommandExecuting.Name
                && command.Connection!.DataSource == file
                && command.CommandText.Contains("idempotent", StringComparison.OrdinalIgnoreCase)
                && command.CommandText.StartsWith("SELECT", StringComparison.Ordinal))
            {
                foreach (DbParameter parameter in command.Parameters)
                {
                    if (DateTime.TryParse(Convert.ToString(parameter.Value, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture, out var since))
                        SinceInTransactions.Enqueue(since);
                }
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private static StringContent JsonContent(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>The files that have a part of the picture, which is longer than a page of the database.</summary>
    private string[] FilesWithThePicture() =>
        [.. Directory.GetFiles(server.Folder, "*", SearchOption.AllDirectories).Where(file => HasThePicture(Read(file)))];

    private bool HasThePicture(byte[] bytes) =>
        picture.Chunk(64).Skip(2).Any(part => part.Length == 64 && bytes.AsSpan().IndexOf(part) >= 0);

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private Task<int> StoreAnswersAsync(params string[] bodies) => WithDatabaseAsync(async db =>
    {
        db.IdempotentRequests.AddRange(bodies.Select((body, index) => new IdempotentRequest
        {
            Key = $"k{index}", RequestHash = new string('0', 64), CreatedAt = DateTime.UtcNow, Status = 200,
            Body = Encoding.UTF8.GetBytes(body),
        }));
        return await db.SaveChangesAsync(default);
    });

    private async Task<string[]> AnswersAsync() =>
        [.. (await WithDatabaseAsync(db => db.IdempotentRequests.ToListAsync())).Select(row => Encoding.UTF8.GetString(row.Body!))];

    private async Task<T> WithDatabaseAsync<T>(Func<IFaceSearchDbContext, Task<T>> work)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>());
    }
}
