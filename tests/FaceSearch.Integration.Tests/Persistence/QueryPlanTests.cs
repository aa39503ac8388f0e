using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using MySqlConnector;

namespace FaceSearch.Integration.Tests.Persistence;

/// <summary>
/// The test calls the routes on a large collection. MySQL's performance schema must have no statement of the service that
/// used no index.
/// </summary>
[NonParallelizable]
internal sealed class QueryPlanTests
{
    private const int Faces = 20_000;

    private TestDatabase database;

    [SetUp]
    public void Create() => database = new TestDatabase(DatabaseProvider.MySql);

    [TearDown]
    public async Task DropAsync()
    {
        if (database is not null)
            await database.DisposeAsync();
    }

    [Test]
    public async Task EveryStatementOfTheRoutes_UsesAnIndex()
    {
        var server = database.NewServer();
        using var client = server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await server.IssueKeyAsync(AccessScopes.All));
        await using var connection = new MySqlConnection(database.MySqlConnectionString);
        await connection.OpenAsync();
        foreach (var statement in FilledWith(Faces))
            await ExecuteAsync(connection, statement);
        await WaitUntilIndexedAsync(client);
        await ExecuteAsync(connection, "TRUNCATE performance_schema.events_statements_summary_by_digest");

        await DriveRoutesAsync(client);

        var statements = await ReadAsync(connection, "SELECT DIGEST_TEXT FROM performance_schema.events_statements_summary_by_digest WHERE SCHEMA_NAME = DATABASE()");
        var scans = await ReadAsync(connection, """
            SELECT CONCAT(DIGEST_TEXT, ' [rows examined: ', SUM_ROWS_EXAMINED, ']')
            FROM performance_schema.events_statements_summary_by_digest
            WHERE SCHEMA_NAME = DATABASE() AND SUM_ROWS_EXAMINED > 1000 * COUNT_STAR
            """);
        Assert.That(statements, Has.Count.GreaterThan(15));
        Assert.That(scans, Is.Empty);
    }

    private static async Task DriveRoutesAsync(HttpClient client)
    {
        await client.PostPictureAsync("/search_faces/?k=5", StandInEncoders.Picture(1f));
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(3f), "New_Person_0001.png");
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(3f), "New_Person_0001.png");
        await client.PostAsync("/get_face_info/", new FormUrlEncodedContent([new("image_id", "7")]));
        await DriveFacesAsync(client);
        var zip = Archives.Zip([.. Enumerable.Range(0, 40).Select(i => ($"P {i}/{i}.png", StandInEncoders.Picture($"n{i}", i)))]);
        var answer = await client.PostAsync(
            "/add_faces_in_bulk/", new MultipartFormDataContent { { new ByteArrayContent(zip), "file", "f.zip" } });
        var job = (await answer.ReadJsonAsync()).GetProperty("jobId").GetString();
        string[] paths = [$"/v1/jobs/{job}", "/v1/jobs?limit=5", $"/v1/jobs/{job}/items", $"/v1/jobs/{job}/items?outcome=failed&limit=5"];
        foreach (var path in paths)
        {
            var page = await client.GetAsync(path);
            Assert.That(page.IsSuccessStatusCode, Is.True, path);
        }

        var first = await (await client.GetAsync("/v1/jobs?limit=5")).ReadJsonAsync();
        await client.GetAsync($"/v1/jobs?limit=5&cursor={first.GetProperty("nextCursor").GetString()}");
        await client.PostAsync($"/v1/jobs/{job}/retry", null);
        await client.PostAsync($"/v1/jobs/{job}/cancel", null);
    }

    private static async Task DriveFacesAsync(HttpClient client)
    {
        const string faces = "/v1/collections/default/faces";
        var enrolled = await client.PostPictureAsync(
            faces + "?person=P%201&externalId=e&tags=rare&nearDuplicates=warn", StandInEncoders.Picture(3.125f));
        var face = enrolled.Headers.Location!.ToString();
        string[] queries = ["", "?person=P%201", "?person=1", "?tag=rare", "?externalId=e", "?tag=rare&person=P%201", "?limit=5"];
        foreach (var path in queries.Select(query => faces + query).Append(face).Append(face + "?embedding=true").Append(face + "/image"))
            Assert.That((await client.GetAsync(path)).IsSuccessStatusCode, Is.True, path);

        var first = await (await client.GetAsync(faces + "?limit=5")).ReadJsonAsync();
        await client.GetAsync($"{faces}?limit=5&cursor={first.GetProperty("nextCursor").GetString()}");
        var change = new StringContent("{\"person\":\"P 2\",\"externalId\":\"f\",\"tags\":[]}", Encoding.UTF8, "application/json");
        Assert.That((await client.PatchAsync(face, change)).IsSuccessStatusCode, Is.True);
        Assert.That((await client.DeleteAsync(face)).IsSuccessStatusCode, Is.True);
    }

    private static async Task WaitUntilIndexedAsync(HttpClient client)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(100))
        {
            var json = await (await client.PostPictureAsync("/search_faces/?k=1000", StandInEncoders.Picture(0f))).ReadJsonAsync();
            if (json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength() == 1000)
                return;
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline));
        }
    }

    /// <summary>Faces, pictures, persons, ended jobs and their items, created with SQL in the server.</summary>
    private static string[] FilledWith(int faces) =>
    [
        $"SET SESSION cte_max_recursion_depth = {faces + 1}",
        "CREATE TEMPORARY TABLE n (i INT PRIMARY KEY)",
        $"INSERT INTO n WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < {faces}) SELECT i FROM r",
        "INSERT INTO persons (CollectionId, Name) SELECT 1, CONCAT('Person ', i) FROM n WHERE i % 10 = 0",
        """
        INSERT INTO images (Id, CollectionId, FileName, Sha256, Bytes, Format, Width, Height, AddedAt)
        SELECT i, 1, CONCAT(i, '.jpg'), SHA2(i, 256), 1, 1, 1, 1, NOW() FROM n
        """,
        """
        INSERT INTO faces (CollectionId, ImageId, PersonId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight)
        SELECT 1, i, (SELECT MIN(Id) FROM persons), 1, NOW(), 0, 0, 1, 1 FROM n
        """,
        "INSERT INTO face_embeddings SELECT Id, 'stand-in-v1', REPEAT(CHAR(0), 512) FROM faces",
        """
        INSERT INTO enrolment_jobs (Id, CollectionId, State, Inserted, Duplicates, Failed, Skipped, CreatedAt, CancelRequested, DoneBefore)
        SELECT CONCAT('00000000-0000-7000-8000-', LPAD(i, 12, '0')), 1, 3, 1, 0, 0, 0, NOW(), 0, 0 FROM n
        """,
        """
        INSERT INTO enrolment_items (JobId, Position, Name, Outcome)
        SELECT '00000000-0000-7000-8000-000000000001', i, 'a.jpg', 1 + i % 4 FROM n
        """,
        "ANALYZE TABLE persons, images, faces, face_embeddings, enrolment_jobs, enrolment_items",
    ];

    private static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> ReadAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
