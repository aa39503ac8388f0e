using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Search;

/// <summary>Invalid embeddings: an import with them fails, and one in the database does not affect other faces.</summary>
internal sealed class DamagedEmbeddingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly byte[][] Damaged = [[], [1, 2, 3], new byte[4], new byte[64 * 4], new byte[129 * 4], NotFinite(128)];

    private string folder;
    private TestServer server;
    private HttpClient client;

    [SetUp]
    public async Task StartAsync()
    {
        folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        await RestartAsync();
    }

    [TearDown]
    public void Stop()
    {
        client.Dispose();
        server.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [TestCase(64, false)]
    [TestCase(127, false)]
    [TestCase(129, false)]
    [TestCase(1, false)]
    [TestCase(0, false)]
    [TestCase(128, true)]
    [Category("Fault-A3")]
    public async Task Import_EmbeddingThatCannotBeSearched_FailsAndStoresNothing(int length, bool isNotFinite)
    {
        await client.PostPictureAsync("/add_face", StandInEncoders.Picture(1f), "Ada_Lovelace_0001.jpg");
        await client.PostPictureAsync("/add_face", StandInEncoders.Picture(2f));
        var export = await client.GetByteArrayAsync("/v1/collections/default/export");
        var embedding = isNotFinite ? NotFinite(length) : new byte[length * sizeof(float)];

        var answer = await client.PostRawAsync("/v1/collections/new/import", WithEmbedding(export, embedding), "application/zip");
        var job = await EndAsync(answer);

        Assert.That(job.GetProperty("failureCode").GetString(), Is.EqualTo("damaged-export"), job.ToString());
        Assert.That(job.GetProperty("failure").GetString(), Does.Contain(isNotFinite ? "not finite" : $"{embedding.Length} bytes and not 512"));
        Assert.That((await client.GetAsync("/v1/collections/new")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await CountFacesAsync(), Is.EqualTo(2));
    }

    [Test, Category("Fault-A3")]
    public async Task Row_Damaged_OthersAreFoundAlsoAfterARestart()
    {
        // The damaged ones come first and must not affect the others.
        var poisoned = await StoredGallery.StoreAsync(server, [.. Damaged.Select((_, i) => new WantedFace(10 + i, Person: "Ada"))]);
        foreach (var (face, bytes) in poisoned.Faces.Zip(Damaged))
            await DamageAsync(face.Id, bytes);
        await RestartAsync();
        var other = await StoredGallery.StoreAsync(server, [new(1)]);

        await InsertLikeAsync(poisoned.Faces[0].Id, Damaged[3]);
        await InsertLikeAsync(poisoned.Faces[0].Id, new WantedFace(3).Embedding);
        await InsertLikeAsync(other.Faces[0].Id, new WantedFace(2).Embedding);

        await AssertFoundAsync(poisoned, other);
        await RestartAsync();
        await AssertFoundAsync(poisoned, other);
        Assert.That(
            await client.GetStringAsync("/health/ready"),
            Does.StartWith("{\"status\":\"degraded\"").And.Contain($"damaged: {Damaged.Length + 1}."));
    }

    [Test, Category("Fault-A3")]
    public async Task Row_Damaged_LeavesCalibrationAndExclusionsOfTheOthers()
    {
        var gallery = await StoredGallery.StoreAsync(
            server, [new(1, Person: "Ada"), new(1.2f, Person: "Ada"), new(3, Person: "Bob"), new(9, Person: "Bob")], ("Ada", 2), ("Ada", 3));
        await DamageAsync(gallery.Faces[3].Id, Damaged[3]);

        var calibration = await client.PostAsync(gallery.Path("calibration"), null);
        var search = await (await gallery.SearchAsync(client, new WantedFace(2.9f), "?tolerance=4")).ReadJsonAsync();

        Assert.That(calibration.StatusCode, Is.EqualTo(HttpStatusCode.OK), await calibration.Content.ReadAsStringAsync());
        Assert.That(
            search.GetProperty("matches").EnumerateArray().Select(match => match.GetProperty("person").GetString()),
            Has.None.EqualTo("Ada"), "the probe is as good as a face that is not Ada");
    }

    private async Task<JsonElement> EndAsync(HttpResponseMessage accepted)
    {
        Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await accepted.Content.ReadAsStringAsync());
        JsonElement job;
        var deadline = DateTime.UtcNow + Patience;
        do
            job = await (await client.GetAsync(accepted.Headers.Location)).ReadJsonAsync();
        while (job.GetProperty("endedAt").ValueKind == JsonValueKind.Null && DateTime.UtcNow < deadline);
        return job;
    }

    private async Task AssertFoundAsync(StoredGallery poisoned, StoredGallery other)
    {
        Assert.That(await IsFoundAsync(other, 2), Is.True);
        Assert.That(await IsFoundAsync(poisoned, 3), Is.True);
        Assert.That((await client.GetAsync("/health/ready")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>Waits until the index has the changes of the database.</summary>
    private async Task<bool> IsFoundAsync(StoredGallery gallery, float place)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!patience.IsCancellationRequested)
        {
            var answer = await (await gallery.SearchAsync(client, new WantedFace(place), "?tolerance=0.1")).ReadJsonAsync();
            if (answer.GetProperty("matches").GetArrayLength() == 1)
                return true;

            await Task.Yield();
        }

        return false;
    }

    private async Task RestartAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        server = new TestServer("Production", folder);
        server.Settings["Index:SnapshotDirectory"] = "";
        client = server.CreateClient(await server.IssueKeyAsync(AccessScopes.All));
        Assert.That(server.Services.GetRequiredService<IFaceGallery>().IsReady, Is.True);
    }

    private async Task<int> CountFacesAsync()
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>().Faces.CountAsync();
    }

    private Task DamageAsync(long faceId, byte[] embedding) =>
        ExecuteAsync("UPDATE face_embeddings SET Embedding = $embedding WHERE FaceId = $id", faceId, embedding);

    private Task InsertLikeAsync(long faceId, Domain.Faces.Embedding embedding)
    {
        var bytes = new byte[embedding.Length * sizeof(float)];
        for (var i = 0; i < embedding.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), embedding.Values[i]);
        return InsertLikeAsync(faceId, bytes);
    }

    private Task InsertLikeAsync(long faceId, byte[] embedding) => ExecuteAsync(
        """
        BEGIN IMMEDIATE;
        INSERT INTO faces (CollectionId, ImageId, PersonId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight, Version)
        SELECT CollectionId, ImageId, PersonId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight, Version
        FROM faces WHERE Id = $id;
        INSERT INTO face_embeddings SELECT last_insert_rowid(), Model, $embedding FROM face_embeddings WHERE FaceId = $id;
        COMMIT
        """,
        faceId, embedding);

    private async Task ExecuteAsync(string sql, long faceId, byte[] embedding)
    {
        await using var connection = new SqliteConnection($"Data Source={server.DatabaseFile}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", faceId);
        command.Parameters.AddWithValue("$embedding", embedding);
        Assert.That(await command.ExecuteNonQueryAsync(), Is.Positive);
    }

    private static byte[] NotFinite(int length)
    {
        var bytes = new byte[length * sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(bytes.Length - sizeof(float)), float.NaN);
        return bytes;
    }

    /// <summary>The export with every face's embedding replaced, and correct checksums.</summary>
    private static byte[] WithEmbedding(byte[] export, byte[] embedding)
    {
        using var archive = new ZipArchive(new MemoryStream(export));
        var entries = archive.Entries.Where(entry => entry.FullName != "checksums.sha256")
            .ToDictionary(entry => entry.FullName, ReadAll);
        var faces = Encoding.UTF8.GetString(entries["faces.ndjson"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line =>
            {
                var face = JsonNode.Parse(line)!;
                face["embedding"] = Convert.ToBase64String(embedding);
                return face.ToJsonString() + "\n";
            });
        entries["faces.ndjson"] = Encoding.UTF8.GetBytes(string.Concat(faces));
        entries["checksums.sha256"] = Encoding.UTF8.GetBytes(string.Concat(entries.Select(
            entry => $"{Convert.ToHexStringLower(SHA256.HashData(entry.Value))}  {entry.Key}\n")));
        return Archives.Zip([.. entries.Select(entry => (entry.Key, entry.Value))]);
    }

    private static byte[] ReadAll(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
