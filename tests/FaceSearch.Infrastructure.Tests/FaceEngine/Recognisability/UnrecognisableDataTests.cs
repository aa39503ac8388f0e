using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.FaceEngine.Recognisability;
using FaceSearch.Infrastructure.Startup;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Recognisability;

/// <summary>The data files of this repository and their stated origin, and damaged ones.</summary>
public sealed class UnrecognisableDataTests
{
    private const string Name = "some-model-unrecognisable.json";

    private static readonly string Folder = Path.Combine(
        SharedData.RepositoryRoot, "src", "FaceSearch.Infrastructure", "FaceEngine", "Recognisability");

    private static readonly string[] Models =
        ["espressif-mfn-v1", "mobilefacenet-v1", "faceplugin-v1", "dlib-resnet-v1", "dlib-resnet-yunet-v1"];

    [TestCaseSource(nameof(Models))]
    public void Find_MeasuredModel_IsTheDataItsOriginNames(string model)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, UnrecognisableData.FileOf(model))));
        var origin = file.RootElement.GetProperty("origin");
        var catalogue = ModelCatalogue.Load(Path.Combine(SharedData.RepositoryRoot, "dlib-models", ModelCatalogue.FileName));
        var profile = EngineProfile.All(new DlibOptions()).First(profile => profile.Model == model);

        var faces = UnrecognisableData.Find(model)!;

        byte[] centres = [.. faces.Centres.SelectMany(centre => MemoryMarshal.AsBytes(centre.Values).ToArray())];
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(centres)), Is.EqualTo(origin.GetProperty("centresSha256").GetString()));
        Assert.That(faces.Bound, Is.EqualTo(file.RootElement.GetProperty("bound").GetSingle()));
        Assert.That(origin.GetProperty("files").EnumerateObject().Select(entry => entry.Name), Is.EquivalentTo(profile.Files));
        foreach (var network in origin.GetProperty("files").EnumerateObject())
            Assert.That(catalogue.Get(network.Name).Select(entry => entry.Sha256), Does.Contain(network.Value.GetString()), network.Name);
    }

    [TestCaseSource(nameof(Models))]
    public void Find_MeasuredModel_HasTheLengthAndTheNormOfItsEmbeddings(string model)
    {
        foreach (var centre in UnrecognisableData.Find(model)!.Centres)
        {
            Assert.That(centre.IsStandard, Is.True);
            if (!model.StartsWith("dlib", StringComparison.Ordinal))
                Assert.That(Math.Sqrt(centre.Values.ToArray().Sum(value => (double)value * value)), Is.EqualTo(0.5).Within(1e-5));
        }
    }

    [Test]
    public void Folder_EachDataFile_IsOfAMeasuredModel() => Assert.That(
        Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileName(path)), Is.EquivalentTo(Models.Select(UnrecognisableData.FileOf)));

    [Test]
    public void Find_ModelThatWasNotMeasured_IsNull() => Assert.That(UnrecognisableData.Find("dlib-densenet-v1"), Is.Null);

    [Test]
    public void Read_GoodFile_HasItsCentresAndBound()
    {
        var faces = UnrecognisableData.Read(Name, Json(_ => { }));

        Assert.That((faces.Centres.Count, faces.Bound), Is.EqualTo((2, 0.25f)));
        Assert.That(faces.Centres[1].Values.ToArray(), Has.All.EqualTo(2));
    }

    [TestCaseSource(nameof(Damages))]
    public void Read_DamagedFile_StopsTheStartAndNamesIt(Action<JsonObject> damage) => Assert.That(
        () => UnrecognisableData.Read(Name, Json(damage)),
        Throws.TypeOf<StartException>().With.Message.Contains(Name).And.Message.Contains("Install this version again."));

    [Test]
    public void Read_NoJson_StopsTheStartAndNamesIt() => Assert.That(
        () => UnrecognisableData.Read(Name, Json(_ => { }).AsSpan(0, 40)), Throws.TypeOf<StartException>().With.Message.Contains(Name));

    private static IEnumerable<TestCaseData> Damages()
    {
        yield return Damage("no bound", file => file.Remove("bound"));
        yield return Damage("bound 0", file => file["bound"] = 0);
        yield return Damage("no centres", file => file.Remove("centres"));
        yield return Damage("empty centres", file => file["centres"] = new JsonArray());
        yield return Damage("null centre", file => file["centres"] = new JsonArray((JsonNode?)null));
        yield return Damage("short centre", file => file["centres"] = new JsonArray(Centre(1, Embedding.StandardLength - 1)));
        yield return Damage("not a number", file => file["centres"] = new JsonArray(Centre(float.NaN, Embedding.StandardLength)));
        yield return Damage("no base64", file => file["centres"] = new JsonArray("!"));
    }

    private static TestCaseData Damage(string name, Action<JsonObject> damage) => new TestCaseData(damage).SetArgDisplayNames(name);

    private static byte[] Json(Action<JsonObject> damage)
    {
        var file = new JsonObject
        {
            ["bound"] = 0.25f,
            ["centres"] = new JsonArray(Centre(1, Embedding.StandardLength), Centre(2, Embedding.StandardLength)),
            ["origin"] = new JsonObject(),
        };
        damage(file);
        return Encoding.UTF8.GetBytes(file.ToJsonString());
    }

    private static string Centre(float value, int length) =>
        Convert.ToBase64String(MemoryMarshal.AsBytes<float>(Enumerable.Repeat(value, length).ToArray()));
}
