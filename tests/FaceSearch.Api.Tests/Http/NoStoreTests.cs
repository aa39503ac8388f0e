using FaceSearch.Api.Tests.Access;
using FaceSearch.Api.Tests.Http.Binding;
using FaceSearch.Api.Tests.Support;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Http;

/// <summary>No cache keeps an answer of the API: it has faces, names or embeddings.</summary>
[Category("Fault-B12")]
internal sealed class NoStoreTests : StrictRequestsFixture
{
    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Operations))]
    public async Task Answer_IsNotStored(DocumentedAccess row)
    {
        using var request = RequestOf(row);
        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True, $"{(int)answer.StatusCode}");
    }

    [TestCase("/v1/collections/default/export")]
    [TestCase("/v1/collections/default/faces/1?embedding=true")]
    public async Task PersonalData_IsNotStored(string path)
    {
        using var answer = await Client.GetAsync(path);

        Assert.That(answer.IsSuccessStatusCode, Is.True);
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
    }

    [Test]
    public async Task DetectedEmbeddings_AreNotStored()
    {
        using var answer = await Client.PostPictureAsync("/v1/detect?embeddings=true", StandInEncoders.Picture(1f));

        Assert.That(answer.IsSuccessStatusCode, Is.True);
        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
    }

    [Test]
    public async Task RefusalWithoutAKey_IsNotStored()
    {
        using var stranger = Server.CreateClient();
        using var answer = await stranger.GetAsync("/v1/collections");

        Assert.That(answer.Headers.CacheControl?.NoStore, Is.True);
    }
}
