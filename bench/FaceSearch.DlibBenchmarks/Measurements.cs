using System.Diagnostics;
using System.Runtime.InteropServices;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Detection;
using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Embeddings;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.FaceEngine.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.DlibBenchmarks;

internal static class Measurements
{
    public static double Embed(string kind, string net, string chipsFile, int batch, int repeats)
    {
        var embedder = OpenEmbedder(kind, net);
        var chips = Pictures.ReadChips(chipsFile).Take(batch).ToArray();
        return LeastMilliseconds(repeats, () => embedder.Embed(chips)) / batch;
    }

    public static double Detect(string mmod, string pictureFile, int upsample, int repeats)
    {
        var detector = OpenMmod(mmod, new MmodSettings { Upsample = upsample });
        using var picture = Pictures.ReadPpm(pictureFile);
        return LeastMilliseconds(repeats, () => detector.Detect(picture));
    }

    public static double Chain(
        string kind, int upsample, string detectorFile, string predictorFile, string net, int rounds)
    {
        IFaceDetector detector = kind == "mmod"
            ? OpenMmod(detectorFile, new MmodSettings { Upsample = upsample })
            : new DlibBoxes(new YuNetFaceDetector(new YuNetNetwork(OnnxSessionFactory.Open(detectorFile, false))));
        var aligner = new DlibFaceAligner(ShapePredictorReader.Read(File.ReadAllBytes(predictorFile)));
        var embedder = OpenEmbedder("resnet", net);
        var pictures = new List<RgbImage>();
        while (Console.ReadLine() is { } line)
            pictures.Add(Pictures.ReadPpm(line));

        return LeastMilliseconds(rounds, () =>
        {
            foreach (var picture in pictures)
            {
                var faces = detector.Detect(picture);
                embedder.Embed([.. faces.Select(face => aligner.Align(picture, face).Chip)]);
            }
        }) / pictures.Count;
    }

    /// <summary>The time of each step of the YuNet chain.</summary>
    public static string Steps(string yunet, string predictorFile, string net, int rounds)
    {
        var detector = new DlibBoxes(new YuNetFaceDetector(new YuNetNetwork(OnnxSessionFactory.Open(yunet, false))));
        var predictor = ShapePredictorReader.Read(File.ReadAllBytes(predictorFile));
        var embedder = OpenEmbedder("resnet", net);
        var pictures = new List<RgbImage>();
        while (Console.ReadLine() is { } line)
            pictures.Add(Pictures.ReadPpm(line));

        var faces = pictures.SelectMany(picture => detector.Detect(picture).Select(face => (Picture: picture, Face: face))).ToArray();
        var shapes = faces.Select(f => (f.Picture, Shape: predictor.Predict(f.Picture, f.Face.Box))).ToArray();
        var chips = shapes.Select(s => new FaceChip(FaceChipExtractor.Size, FaceChipExtractor.Extract(s.Picture, s.Shape))).ToArray();
        return $"{(double)faces.Length / pictures.Count:f2} faces a picture; ms a picture: detect "
            + $"{Milliseconds(pictures, picture => detector.Detect(picture)) / pictures.Count:f2}; ms a face: landmarks "
            + $"{Milliseconds(faces, f => predictor.Predict(f.Picture, f.Face.Box)) / faces.Length:f2}, chip "
            + $"{Milliseconds(shapes, s => FaceChipExtractor.Extract(s.Picture, s.Shape)) / faces.Length:f2}, ResNet "
            + $"{Milliseconds(chips, chip => embedder.Embed([chip])) / faces.Length:f2}";

        double Milliseconds<T>(IReadOnlyList<T> items, Action<T> work) => LeastMilliseconds(rounds, () =>
        {
            foreach (var item in items)
                work(item);
        });
    }

    public static double Difference(string kind, string net, string chipsFile, string expectedFile)
    {
        var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(expectedFile));
        var embeddings = OpenEmbedder(kind, net).Embed(Pictures.ReadChips(chipsFile));
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs(embeddings[i / 128].Values[i % 128] - expected[i]));

        return largest;
    }

    public static string Roof(string net, int size)
    {
        var network = DlibNetwork.Read(File.ReadAllBytes(net), NetworkGrammar.ResNet);
        var operations = NetworkTranslator.Operations(network, size);
        const int Side = 768;
        var model = OnnxGraphWriter.Write(
            [Side, Side],
            [Side, Side],
            (graph, input) => graph.Node("MatMul", [input, graph.Constant(new float[Side * Side], Side, Side)]));
        using var session = OnnxSessionFactory.Open(model.ToArray(), keepBuffers: true);
        using var tensor = OrtValue.CreateTensorValueFromMemory(new float[Side * Side], [Side, Side]);
        using var run = new RunOptions();
        var time = LeastMilliseconds(40, () => session.Run(run, session.InputNames, [tensor], session.OutputNames).Dispose());
        return $"{operations / 1e9:f3} {2.0 * Side * Side * Side / time / 1e6:f0}";
    }

    public static string Memory(string mmod, string net, string pictureFile)
    {
        var detector = OpenMmod(mmod, new MmodSettings());
        var embedder = OpenEmbedder("resnet", net);
        embedder.Embed([new(150, new byte[150 * 150 * 3])]);
        using (var small = new RgbImage(250, 250))
            detector.Detect(small);

        var loaded = ResidentMegabytes();
        for (var i = 0; i < 3; i++)
        {
            using var picture = Pictures.ReadPpm(pictureFile);
            detector.Detect(picture);
        }

        return $"{loaded} {ResidentMegabytes()}";
    }

    private static DlibEmbedder OpenEmbedder(string kind, string net)
    {
        var network = DlibNetwork.Read(
            File.ReadAllBytes(net), kind == "resnet" ? NetworkGrammar.ResNet : NetworkGrammar.DenseNet);
        var model = NetworkTranslator.TranslateEmbedder(network, DlibEmbedder.ChipSize).ToArray();
        return new DlibEmbedder(OnnxSessionFactory.Open(model, keepBuffers: true), network.Input);
    }

    private static MmodFaceDetector OpenMmod(string file, MmodSettings settings)
    {
        var network = DlibNetwork.Read(File.ReadAllBytes(file), NetworkGrammar.Mmod);
        var model = NetworkTranslator.TranslateDetector(network).ToArray();
        return new MmodFaceDetector(OnnxSessionFactory.Open(model, keepBuffers: true), network, settings);
    }

    private static double LeastMilliseconds(int repeats, Action work)
    {
        // Excludes the first second, in which the runtime's compiler threads would add to the processor time. A server
        // runs for weeks.
        for (var warm = Stopwatch.StartNew(); warm.Elapsed < TimeSpan.FromSeconds(1.5);)
            work();

        var least = double.PositiveInfinity;
        for (var i = 0; i < repeats; i++)
        {
            var start = Environment.CpuUsage.TotalTime;
            work();
            least = Math.Min(least, (Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
        }

        return least;
    }

    private static long ResidentMegabytes()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet >> 20;
    }
}
