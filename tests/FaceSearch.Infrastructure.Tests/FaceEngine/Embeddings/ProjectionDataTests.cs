using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Embeddings;

/// <summary>The projections of this repository and their stated origin.</summary>
public sealed class ProjectionDataTests
{
    private static readonly string Folder = Path.Combine(
        SharedData.RepositoryRoot, "src", "FaceSearch.Infrastructure", "FaceEngine", "Embeddings");

    private static readonly string[] Names =
        [.. Directory.GetFiles(Folder, "*-projection.bin").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [TestCaseSource(nameof(Names))]
    public void Load_CommittedProjection_IsTheOneItsOriginNames(string name)
    {
        using var origin = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, Path.ChangeExtension(name, ".json"))));
        var catalogue = ModelCatalogue.Load(Path.Combine(SharedData.RepositoryRoot, "dlib-models", ModelCatalogue.FileName));

        var projection = EmbeddingProjection.Load(name);

        Assert.That(projection.Inputs, Is.EqualTo(origin.RootElement.GetProperty("inputs").GetInt32()));
        Assert.That(projection.Outputs, Is.EqualTo(Embedding.StandardLength));
        Assert.That(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, name)))),
            Is.EqualTo(Text(origin, "sha256")));
        Assert.That(catalogue.Get(Text(origin, "network")).Select(entry => entry.Sha256), Does.Contain(Text(origin, "networkSha256")));
    }

    // Principal components: of length 1 and at right angles to each other.
    [TestCaseSource(nameof(Names))]
    public void Load_CommittedProjection_HasOrthonormalColumns(string name)
    {
        var values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(Folder, name))).ToArray();
        var inputs = values.Length / (1 + Embedding.StandardLength);
        var largest = 0.0;
        for (var a = 0; a < Embedding.StandardLength; a++)
        {
            for (var b = a; b < Embedding.StandardLength; b++)
            {
                var product = Enumerable.Range(0, inputs).Sum(i =>
                    (double)values[inputs + (i * Embedding.StandardLength) + a] * values[inputs + (i * Embedding.StandardLength) + b]);
                largest = Math.Max(largest, Math.Abs(product - (a == b ? 1 : 0)));
            }
        }

        Assert.That(largest, Is.LessThan(1e-5));
    }

    private static string Text(JsonDocument document, string property) => document.RootElement.GetProperty(property).GetString()!;
}
