using System.Globalization;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;

/// <summary>Every step of this engine compared with dlib on the same pixels.</summary>
[NonParallelizable]
public sealed class DlibOracleTests
{
    private const double EmbeddingTolerance = 5e-5;
    private const int BoxTolerance = 1;
    private const double ScoreTolerance = 1e-4;

    private Oracle oracle = null!;

    [OneTimeSetUp]
    public void Start() => oracle = Oracle.IsThere ? new Oracle() : null!;

    [OneTimeTearDown]
    public void Stop() => oracle?.Dispose();

    [TestCaseSource(nameof(Networks))]
    public void Embed_Network_EqualsDlib(string kind, string form, bool clean) => CompareEmbeddings(kind, (kind, form) switch
    {
        ("resnet", "published") => oracle.Save(DlibFiles.ResNet),
        ("densenet", "published") => oracle.Save(DlibFiles.DenseNet),
        _ => oracle.WriteNetwork(kind, form, clean),
    });

    [TestCaseSource(nameof(Detectors))]
    public void Detect_Network_EqualsDlib(string form, int upsample)
    {
        if (form != "published")
            CompareDetections(File.ReadAllBytes(oracle.WriteNetwork("mmod", form, clean: false)), DlibFiles.Portraits(4), upsample, leastFaces: 0);
        else if (upsample == 0)
            CompareDetections(DlibFiles.Mmod, [.. DlibFiles.Groups(18), .. DlibFiles.Portraits(44)], upsample, leastFaces: 76);
        else
            CompareDetections(DlibFiles.Mmod, DlibFiles.Portraits(4), upsample, leastFaces: 4);
    }

    [TestCaseSource(nameof(Trees))]
    public void Align_Trees_EqualsDlib(string form) => CompareAlignment(form switch
    {
        "published" => SharedData.Model("shape_predictor_5_face_landmarks.dat"),
        "trained" => SharedData.Model(DlibFiles.TestLandmarks),
        _ => oracle.WritePredictor(int.Parse(form, CultureInfo.InvariantCulture)),
    });

    private static IEnumerable<TestCaseData> Networks() => Cases(
        ["resnet", "used", true], ["resnet", "used", false], ["resnet", "trained", true], ["densenet", "used", false],
        ["densenet", "trained", true], ["resnet", "published", true], ["densenet", "published", true]);

    private static IEnumerable<TestCaseData> Detectors() => Cases(["published", 0], ["published", 1], ["trained", 0], ["used", 0]);

    private static IEnumerable<TestCaseData> Trees() => Cases(["5"], ["68"], ["trained"], ["published"]);

    /// <summary>A single skipped case without dlib.</summary>
    private static IEnumerable<TestCaseData> Cases(params object?[][] cases) => SharedData.Cases(Oracle.IsThere, Oracle.Missing, cases);

    private void CompareEmbeddings(string kind, string network)
    {
        var chips = Chips();
        var grammar = kind == "resnet" ? NetworkGrammar.ResNet : NetworkGrammar.DenseNet;
        var embedder = DlibFiles.OpenEmbedder(File.ReadAllBytes(network), grammar);
        foreach (var batch in new[] { 1, 16 })
        {
            var expected = oracle.Embed(kind, network, chips.Select(chip => chip.Rgb), batch);
            var actual = chips.Chunk(batch).SelectMany(part => embedder.Embed(part)).ToArray();
            Assert.That(actual, Has.Length.EqualTo(expected.Length).And.Length.GreaterThanOrEqualTo(50));
            for (var i = 0; i < actual.Length; i++)
                Assert.That(actual[i].Values.ToArray(), Is.EqualTo(expected[i]).Within(EmbeddingTolerance), $"chip {i}");
        }
    }

    private void CompareDetections(byte[] network, string[] paths, int upsample, int leastFaces)
    {
        RgbImage[] pictures = [.. paths.Select(DlibFiles.Decode)];
        var expected = oracle.Detect(oracle.Save(network), pictures, upsample);
        var detector = DlibFiles.OpenMmod(network, new MmodSettings { Upsample = upsample });
        var faces = 0;
        for (var i = 0; i < pictures.Length; i++)
        {
            var actual = detector.Detect(pictures[i]).OrderBy(face => (face.Box.X, face.Box.Y)).ToArray();
            Assert.That(actual, Has.Length.EqualTo(expected[i].Length), Path.GetFileName(paths[i]));
            faces += actual.Length;
            foreach (var (face, (box, score)) in actual.Zip(expected[i].OrderBy(face => (face.Box.X, face.Box.Y))))
            {
                Assert.That(Distance(face.Box, box), Is.LessThanOrEqualTo(BoxTolerance), Path.GetFileName(paths[i]));
                Assert.That(face.Score, Is.EqualTo(score).Within(ScoreTolerance), Path.GetFileName(paths[i]));
            }

            pictures[i].Dispose();
        }

        Assert.That(faces, Is.GreaterThanOrEqualTo(leastFaces));
    }

    private void CompareAlignment(string file)
    {
        var predictor = ShapePredictorReader.Read(File.ReadAllBytes(file));
        var faces = Faces().ToArray();
        var expected = oracle.Align(file, faces);
        Assert.That(expected, Has.Length.EqualTo(faces.Length).And.Length.GreaterThan(50));
        for (var i = 0; i < faces.Length; i++)
        {
            var points = predictor.Predict(faces[i].Picture, faces[i].Box);
            Assert.That(points.Points.Select(point => ((int)point.X, (int)point.Y)), Is.EqualTo(expected[i].Points), $"face {i}");
            Assert.That(FaceChipExtractor.Extract(faces[i].Picture, points).AsSpan().SequenceEqual(expected[i].Chip), $"chip {i}");
        }
    }

    private static FaceChip[] Chips() =>
    [
        .. Directory.GetFiles(SharedData.Face("chips"), "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path =>
            {
                using var picture = DlibFiles.Decode(path);
                return new FaceChip(150, picture.Pixels.ToArray());
            }),
    ];

    /// <summary>Usual boxes, and boxes that no detector returns: huge, tiny, and beyond the border.</summary>
    private static IEnumerable<(RgbImage Picture, BoundingBox Box)> Faces()
    {
        var random = new Random(5);
        foreach (var path in DlibFiles.Portraits(30))
        {
            var picture = DlibFiles.Decode(path);
            yield return (picture, new BoundingBox(70 + random.Next(-6, 6), 72 + random.Next(-6, 6), 110, 110));
            yield return (picture, new BoundingBox(random.Next(-90, 200), random.Next(-90, 200), random.Next(9, 260), random.Next(9, 260)));
        }

        var large = DlibFiles.Decode(DlibFiles.Groups(30)[^1]);
        for (var side = 150; side < Math.Min(large.Width, large.Height); side += 97)
            yield return (large, new BoundingBox((large.Width - side) / 2, (large.Height - side) / 3, side, side));
    }

    private static int Distance(in BoundingBox a, in BoundingBox b) => Math.Max(
        Math.Max(Math.Abs(a.X - b.X), Math.Abs(a.Y - b.Y)),
        Math.Max(Math.Abs(a.X + a.Width - b.X - b.Width), Math.Abs(a.Y + a.Height - b.Y - b.Height)));
}
