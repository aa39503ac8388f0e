using System.Net;
using System.Text;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.TestSupport;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Api.Tests.Http;

/// <summary>What a repeated request is answered, and which keys are taken.</summary>
internal sealed class IdempotencyTests : IdempotencyFixture
{
    /// <summary>POSTs that write nothing; repeated calibrations share a job.</summary>
    private static readonly string[] Reads =
        ["searchFaces", "searchCollection", "searchByEmbedding", "detectFaces", "verifyFaces", "calibrateCollection", "getFaceInfo"];

    [Test]
    public void EveryPostThatWrites_TakesAnIdempotencyKey()
    {
        var missing = Server.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("POST") == true)
            .Where(endpoint => endpoint.Metadata.GetMetadata<FaceSearch.Api.Http.Idempotency.IdempotentAttribute>() is null)
            .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName);

        Assert.That(missing, Is.SubsetOf(Reads));
    }

    [Test]
    public async Task AddFace_Repeated_AnswersTheSameAndAddsOnce()
    {
        var key = NewKey();
        var first = await AddAsync(key, 1f);
        var again = await AddAsync(key, 1f);

        Assert.That((first.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Created)));
        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That(again.Content.Headers.ContentType, Is.EqualTo(first.Content.Headers.ContentType));
        Assert.That((IsReplayed(first), IsReplayed(again)), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task AddFace_RefusedThenRepeated_GetsTheSameRefusal()
    {
        var key = NewKey();
        await PostAsync("/add_face", Form([.. StandInEncoders.Picture()]), key);
        var again = await PostAsync("/add_face", Form([.. StandInEncoders.Picture()]), key);

        Assert.That(await again.ReadProblemAsync(), Is.EqualTo("no-face"));
        Assert.That(IsReplayed(again), Is.True);
    }

    [Test]
    public async Task OtherRequest_WithTheSameKey_Is422()
    {
        var key = NewKey();
        await AddAsync(key, 2f);

        Assert.That(await (await AddAsync(key, 2.5f)).ReadProblemAsync(), Is.EqualTo("idempotency-key-reused"));
        Assert.That(
            await (await PostAsync("/add_face?other", Form(StandInEncoders.Picture(2f)), key)).ReadProblemAsync(),
            Is.EqualTo("idempotency-key-reused"));
        Assert.That(
            await (await PostAsync("/v1/collections", Json("""{"name":"x"}"""), key)).ReadProblemAsync(),
            Is.EqualTo("idempotency-key-reused"));
        Assert.That((await AddAsync(NewKey(), 2.5f)).StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task SameKey_OfAnotherCaller_IsAnotherKey()
    {
        var key = NewKey();
        using var other = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.Write));
        await AddAsync(key, 3f);

        var answer = await other.PostOnceAsync("/add_face", Form(StandInEncoders.Picture(3.5f)), key);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task BulkEnrolment_Repeated_IsOneJob()
    {
        var key = NewKey();
        var zip = Archives.Zip(("a.png", StandInEncoders.Picture(9f)), ("b.png", StandInEncoders.Picture(9.5f)));
        var first = await PostAsync("/add_faces_in_bulk", Form(zip), key);
        var again = await PostAsync("/add_faces_in_bulk", Form(zip), key);

        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo(await first.Content.ReadAsStringAsync()));
        Assert.That((await again.ReadJsonAsync()).GetProperty("inserted").GetInt32(), Is.EqualTo(2));
        Assert.That(IsReplayed(again), Is.True);
    }

    [Test]
    public async Task IssueKey_Repeated_IsRefused_AndTheSecretIsNotStored()
    {
        var key = NewKey();
        const string Body = """{"name":"once","scopes":["read"]}""";
        var first = await PostAsync("/v1/keys", Json(Body), key);
        var secret = (await first.ReadJsonAsync()).GetProperty("key").GetProperty("secret").GetString()!;

        var again = await PostAsync("/v1/keys", Json(Body), key);

        Assert.That(await again.ReadProblemAsync(), Is.EqualTo("secret-not-kept"));
        Assert.That(again.Headers.Location, Is.EqualTo(first.Headers.Location));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Server.DatabaseFile)!))
            Assert.That((await ReadAsync(file)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)), Is.EqualTo(-1), file);
    }

    [TestCase("with space")]
    [TestCase("café")]
    public async Task MalformedKey_Is400(string key) =>
        Assert.That(await (await AddAsync(key, 1f)).ReadProblemAsync(), Is.EqualTo("malformed-idempotency-key"));

    [Test]
    public async Task TooLongKey_Is400() =>
        Assert.That(
            await (await AddAsync(new string('k', 256), 1f)).ReadProblemAsync(), Is.EqualTo("malformed-idempotency-key"));

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
