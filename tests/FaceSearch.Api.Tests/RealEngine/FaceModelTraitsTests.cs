using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Collections;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.RealEngine;

/// <summary>Near-duplicates and quality use the values of the collection's model.</summary>
internal sealed class FaceModelTraitsTests : FacesFixture
{
    [TestCase(StandInEncoders.ModelName, 1)]
    [TestCase(StandInEncoders.SecondModelName, 0)]
    public async Task NearDuplicate_Distance_IsOfTheCollectionsModel(string model, int warnings)
    {
        var faces = await CollectionOfAsync(model);
        (await Client.PostPictureAsync(faces, StandInEncoders.Picture(1f))).EnsureSuccessStatusCode();

        var json = await (await Client.PostPictureAsync(faces, StandInEncoders.Picture(1.125f))).ReadJsonAsync();

        Assert.That(json.GetProperty("warnings").GetArrayLength(), Is.EqualTo(warnings));
    }

    [Test]
    public async Task NearDuplicate_DistanceConfigured_IsOfEveryModel()
    {
        using var server = new TestServer { Settings = { ["Enrolment:NearDuplicateDistance"] = "0.2" } };
        using var client = server.CreateClient();
        server.Encoders.Traits = StandInEncoders.SecondModelTraits;
        (await client.PostPictureAsync("/v1/collections/default/faces", StandInEncoders.Picture(1f))).EnsureSuccessStatusCode();

        var json = await (await client.PostPictureAsync(
            "/v1/collections/default/faces", StandInEncoders.Picture(1.125f))).ReadJsonAsync();

        Assert.That(json.GetProperty("warnings").GetArrayLength(), Is.EqualTo(1));
    }

    [TestCase(StandInEncoders.ModelName, HttpStatusCode.Created)]
    [TestCase(StandInEncoders.SecondModelName, HttpStatusCode.UnprocessableEntity)]
    public async Task Enrol_Quality_IsJudgedByTheCollectionsModel(string model, HttpStatusCode status)
    {
        var response = await Client.PostPictureAsync(
            await CollectionOfAsync(model) + "?quality=low", StandInEncoders.Picture("sharpness=50", 1f));

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    [TestCase(StandInEncoders.ModelName, 0)]
    [TestCase(StandInEncoders.SecondModelName, 1)]
    public async Task Detect_Quality_IsJudgedByTheRequestedModel(string model, int reasons)
    {
        var json = await (await Client.PostPictureAsync(
            $"/v1/detect?quality=low&profile={model}", StandInEncoders.Picture("sharpness=50", 1f))).ReadJsonAsync();

        Assert.That(json.GetProperty("faces")[0].Texts("reasons"), Has.Length.EqualTo(reasons));
    }

    private async Task<string> CollectionOfAsync(string model)
    {
        var name = $"{CollectionName}-of";
        await UseDatabaseAsync(async db =>
        {
            db.Collections.Add(new Collection { Name = name, Model = model, CreatedAt = DateTime.UtcNow });
            return await db.SaveChangesAsync(CancellationToken.None);
        });
        return $"/v1/collections/{name}/faces";
    }
}
