using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.EspdlModels;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.TestSupport;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.EspdlModels;

public sealed class EspdlTranslatorTests
{
    private const int Chips = 1000;

    [Test]
    public void Translate_NetworkOfEveryOperation_ComputesTheSame()
    {
        var network = new SmallNetwork();
        var random = new Random(9);
        var (input, planes) = (new float[3 * SmallNetwork.Size * SmallNetwork.Size], new double[3, SmallNetwork.Size, SmallNetwork.Size]);
        for (var i = 0; i < input.Length; i++)
        {
            input[i] = (random.NextSingle() * 2) - 1;
            planes[i / 36, i / 6 % 6, i % 6] = input[i];
        }

        using var session = Open(network.Write(), SmallNetwork.Size);
        var output = Run(session, input, SmallNetwork.Size);

        Assert.That(output, Is.EqualTo(network.Run(planes)).Within(1e-4));
    }

    // The floats of the prototype's conversion; many are above 1.
    [Test]
    public void Translate_Mfn_IsTheConvertedNetworkOnRealChips()
    {
        using var session = Open(File.ReadAllBytes(SharedData.Model(MfnProfile.NetworkFile)), ArcFaceTemplate.ChipSize);
        using var oracle = OnnxSessionFactory.Open(SharedData.Model("espdl_mfn512_f32.onnx"), keepBuffers: true);
        var differences = new double[Chips];
        var chips = RealChips();
        Parallel.For(0, Chips, i =>
        {
            var input = Planes(chips[i]);
            var (expected, actual) = (Run(oracle, input, ArcFaceTemplate.ChipSize), Run(session, input, ArcFaceTemplate.ChipSize));
            Assert.That(actual, Has.Length.EqualTo(expected.Length));
            differences[i] = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        });

        TestContext.Out.WriteLine($"largest difference {differences.Max():e2} over {Chips} chips");
        Assert.That(differences.Max(), Is.LessThanOrEqualTo(1e-5));
    }

    [Test]
    public void Translate_UnknownOperation_IsRefused() => Assert.That(
        () => Translate(new EspdlWriter().Node("Softmax", ["input"], "output")),
        Throws.TypeOf<EspdlFormatException>().With.Message.Contains("the operation Softmax is unknown"));

    [TestCase("Flatten", "axis", 2L)]
    [TestCase("Flatten", "keep", 1L)]
    [TestCase("Transpose", "perm", "none")]
    public void Translate_OtherAttribute_IsRefused(string operation, string name, object value) => Assert.That(
        () => Translate(new EspdlWriter().Node(operation, ["input"], "output", (name, value))),
        Throws.TypeOf<EspdlFormatException>().With.Message.Contains(operation));

    // Without the Transpose the values have another order, which ONNX does not detect.
    [Test]
    public void Translate_FlattenOfUntransposedPlanes_IsRefused() => Assert.That(
        () => Translate(new EspdlWriter().Node("Flatten", ["input"], "output", ("axis", 1L))),
        Throws.TypeOf<EspdlFormatException>().With.Message.Contains("Flatten"));

    [TestCase("one", "missing", "is used before it is computed")]
    [TestCase("one", "input", "its output is not a vector")]
    public void Translate_BadOutput_IsRefused(string node, string output, string message) => Assert.That(
        () => EspdlTranslator.TranslateEmbedder(EspdlGraph.Read(
            new EspdlWriter().Node("Transpose", ["input"], node, ("perm", new long[] { 0, 3, 1, 2 })).Write(output: output)), 6),
        Throws.TypeOf<EspdlFormatException>().With.Message.Contains(message));

    [Test]
    public void Translate_SmallerImage_IsRefused() => Assert.That(
        () => EspdlTranslator.TranslateEmbedder(EspdlGraph.Read(new SmallNetwork().Write()), SmallNetwork.Size - 2),
        Throws.TypeOf<EspdlFormatException>().With.Message.Contains("Gemm"));

    // The message must name a missing attribute; slopes must not be used twice.
    [Test]
    public void Translate_IncompleteNode_IsRefused()
    {
        Assert.That(() => Translate(new EspdlWriter().Node("Conv", ["input", "w", "b"], "output")), Throws.TypeOf<EspdlFormatException>());
        Assert.That(
            () => Translate(new EspdlWriter().Slopes("slopes", [1, 2, 3], 0)
                .Node("PRelu", ["input", "slopes"], "one").Node("PRelu", ["one", "slopes"], "output")),
            Throws.TypeOf<EspdlFormatException>().With.Message.Contains("slopes"));
    }

    private static ReadOnlyMemory<byte> Translate(EspdlWriter writer) =>
        EspdlTranslator.TranslateEmbedder(EspdlGraph.Read(writer.Write()), SmallNetwork.Size);

    private static InferenceSession Open(byte[] file, int size) => OnnxSessionFactory.Open(
        EspdlTranslator.TranslateEmbedder(EspdlGraph.Read(file), size).ToArray(), keepBuffers: true);

    private static float[] Run(InferenceSession session, float[] input, int size)
    {
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, [1, 3, size, size]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, [tensor], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static FaceChip[] RealChips()
    {
        var pictures = Directory.GetFiles(SharedData.Face("open"), "*.jpg", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Take(Chips + 100).ToArray();
        var chips = new FaceChip?[pictures.Length];
        var encoder = MobileEngine.Encoder;
        Parallel.For(0, pictures.Length, i => chips[i] =
            encoder.Detect(File.ReadAllBytes(pictures[i]), CancellationToken.None).Value.Faces is [var face, ..] ? face.Chip : null);
        return [.. chips.OfType<FaceChip>().Take(Chips)];
    }

    private static float[] Planes(FaceChip chip)
    {
        var plane = chip.Size * chip.Size;
        var input = new float[3 * plane];
        for (var i = 0; i < chip.Rgb.Length; i++)
            input[(i % 3 * plane) + (i / 3)] = (chip.Rgb[i] - 127.5f) / 127.5f;

        return input;
    }
}
