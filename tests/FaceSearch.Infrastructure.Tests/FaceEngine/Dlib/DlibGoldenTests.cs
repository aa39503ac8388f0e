using System.Security.Cryptography;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;

/// <summary>The results of dlib for real photographs, per step of the chain, for machines without dlib.</summary>
public sealed class DlibGoldenTests
{
    private static readonly GoldenFile<Golden> Answers = new(
        "dlib.json",
        [
            "lfw/Abdel_Nasser_Assidi/Abdel_Nasser_Assidi_0001.jpg",
            "lfw/Luke_Walton/Luke_Walton_0002.jpg",
            "group/dlib_2008_001322.jpg",
            "deepface/deepface_person_07/img21.jpg",
        ],
        AskDlib);

    [TestCaseSource(nameof(Cases))]
    public void Chain_RealPhotograph_AnswersAsDlib(string path)
    {
        var golden = Answers.Of(path);
        using var picture = DlibFiles.Decode(SharedData.Face(path));
        var faces = DlibFiles.OpenMmod(DlibFiles.Mmod, new MmodSettings()).Detect(picture)
            .OrderBy(face => (face.Box.X, face.Box.Y)).ToArray();
        var predictor = ShapePredictorReader.Read(File.ReadAllBytes(SharedData.Model(DlibFiles.TestLandmarks)));
        var embedder = DlibFiles.OpenEmbedder(DlibFiles.DenseNet, NetworkGrammar.DenseNet);

        Assert.That(faces.Select(face => face.Box), Is.EqualTo(golden.Faces.Select(face => face.Box)));
        foreach (var (found, expected) in faces.Zip(golden.Faces))
        {
            var points = predictor.Predict(picture, found.Box);
            var chip = FaceChipExtractor.Extract(picture, points);
            var embedding = embedder.Embed([new FaceChip(FaceChipExtractor.Size, chip)])[0];
            Assert.That(found.Score, Is.EqualTo(expected.Score).Within(1e-4));
            Assert.That(points.Points.SelectMany(point => new[] { (int)point.X, (int)point.Y }), Is.EqualTo(expected.Points));
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(chip)), Is.EqualTo(expected.Chip));
            Assert.That(embedding.Values[..8].ToArray(), Is.EqualTo(expected.Embedding).Within(5e-5));
        }
    }

    private static IEnumerable<TestCaseData> Cases() => Answers.Cases();

    private static IEnumerable<Golden> AskDlib(string[] paths)
    {
        using var oracle = new Oracle();
        return [.. paths.Select(path => AskDlib(oracle, path))];
    }

    private static Golden AskDlib(Oracle oracle, string path)
    {
        using var picture = DlibFiles.Decode(SharedData.Face(path));
        var faces = oracle.Detect(oracle.Save(DlibFiles.Mmod), [picture], upsample: 0)[0]
            .OrderBy(face => (face.Box.X, face.Box.Y)).ToArray();
        var aligned = oracle.Align(SharedData.Model(DlibFiles.TestLandmarks), faces.Select(face => (picture, face.Box)));
        var embeddings = oracle.Embed("densenet", oracle.Save(DlibFiles.DenseNet), aligned.Select(face => face.Chip), 1);
        return new Golden(path,
        [
            .. faces.Select((face, i) => new GoldenFace(
                face.Box,
                face.Score,
                [.. aligned[i].Points.SelectMany(point => new[] { point.X, point.Y })],
                Convert.ToHexStringLower(SHA256.HashData(aligned[i].Chip)),
                embeddings[i][..8])),
        ]);
    }

    private sealed record Golden(string Picture, GoldenFace[] Faces);

    private sealed record GoldenFace(BoundingBox Box, double Score, int[] Points, string Chip, float[] Embedding);
}
