using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.FaceEngine.Onnx;
using FaceSearch.TestSupport;
using Microsoft.ML.OnnxRuntime;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Onnx;

public sealed class OnnxTinyWeightsTests
{
    private const int FloatTensor = 1;
    private const int Int64Tensor = 7;

    private static readonly float[] Weights = [1e-21f, -1e-21f, float.Epsilon, 0, 1e-19f, -0.5f, 2e-20f, -float.Epsilon];
    private static readonly float[] Cleaned = [0, 0, 0, 0, 1e-19f, -0.5f, 2e-20f, 0];

    [Test]
    public void Zero_RawData_TinyWeightsBecomeZero()
    {
        var model = Model(tensor => tensor.Write(9, Weights));

        Assert.That(OnnxTinyWeights.Zero(model), Is.EqualTo(4));
        Assert.That(model, Is.EqualTo(Model(tensor => tensor.Write(9, Cleaned))));
    }

    [Test]
    public void Zero_PackedFloatData_TinyWeightsBecomeZero()
    {
        var model = Model(tensor => tensor.Write(4, Weights));

        Assert.That(OnnxTinyWeights.Zero(model), Is.EqualTo(4));
        Assert.That(model, Is.EqualTo(Model(tensor => tensor.Write(4, Cleaned))));
    }

    [Test]
    public void Zero_FloatDataOneByOne_TinyWeightsBecomeZero()
    {
        var model = Model(tensor => Array.ForEach(Weights, weight => tensor.Write(4, weight)));

        Assert.That(OnnxTinyWeights.Zero(model), Is.EqualTo(4));
        Assert.That(model, Is.EqualTo(Model(tensor => Array.ForEach(Cleaned, weight => tensor.Write(4, weight)))));
    }

    [Test]
    public void Zero_Again_ChangesNothing()
    {
        var model = Model(tensor => tensor.Write(9, Weights));
        OnnxTinyWeights.Zero(model);

        Assert.That(OnnxTinyWeights.Zero(model), Is.Zero);
    }

    // Eight integers of 64 bits whose bytes would be tiny floats.
    [Test]
    public void Zero_IntegerTensor_IsLeftAlone()
    {
        var model = Model(tensor => tensor.Write(9, Weights), Int64Tensor, 4);
        var before = model.ToArray();

        Assert.That(OnnxTinyWeights.Zero(model), Is.Zero);
        Assert.That(model, Is.EqualTo(before));
    }

    [Test]
    public void Zero_InvalidModel_IsRefused()
    {
        Refused([], "0 graphs");
        Refused([.. Model(_ => { }), .. Model(tensor => tensor.Write(9, Weights))], "0 bytes");
        Refused([.. Model(tensor => tensor.Write(9, Weights)), .. Model(tensor => tensor.Write(9, Weights))], "2 graphs");
        Refused(Model(tensor => tensor.Write(9, Weights.AsSpan(1).ToArray())), "28 bytes");
        Refused(Model(tensor => tensor.Write(9, Weights), FloatTensor, 1L << 40), "out of range");
        Refused(Model(tensor => tensor.Write(9, Weights), FloatTensor, -8), "out of range");
        Refused(Model(tensor => tensor.Write(14, 1)), "other files");
        Refused("<!DOCTYPE html><html></html>"u8.ToArray(), "Not a usable ONNX model");
    }

    [Test]
    public void Zero_CutAnywhere_IsRefused()
    {
        var model = Model(tensor => tensor.Write(9, Weights));
        for (var length = 0; length < model.Length; length++)
            Assert.That(() => OnnxTinyWeights.Zero(model.AsSpan(0, length)), Throws.TypeOf<OnnxFormatException>(), $"{length} bytes");
    }

    // Changed bits are refused or change weights; no other result is allowed.
    [Test]
    public void Zero_FlippedBits_IsRefusedOrDone()
    {
        var model = Model(tensor => tensor.Write(9, Weights));
        for (var bit = 0; bit < 8 * model.Length; bit++)
        {
            var flipped = model.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(Attempt(flipped), Is.Null.Or.TypeOf<OnnxFormatException>(), $"bit {bit}");
        }
    }

    [TestCase("fr_feature.onnx", 176_911, 3, 112)]
    [TestCase("fr_landmark.onnx", 26_567, 1, 64)]
    public void Zero_PublishedNetwork_AnswersStay(string file, int tiny, int channels, int size)
    {
        var published = File.ReadAllBytes(SharedData.Model(file));
        var cleaned = published.ToArray();
        var random = new Random(1);
        float[] input = [.. Enumerable.Range(0, channels * size * size).Select(_ => random.NextSingle())];

        Assert.That(OnnxTinyWeights.Zero(cleaned), Is.EqualTo(tiny));
        Assert.That(
            Run(cleaned, input, [1, channels, size, size]),
            Is.EqualTo(Run(published, input, [1, channels, size, size])).Within(1e-6));
    }

    private static float[] Run(byte[] model, float[] input, long[] shape)
    {
        using var session = OnnxSessionFactory.Open(model, keepBuffers: false);
        using var tensor = OrtValue.CreateTensorValueFromMemory(input, shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, session.InputNames, [tensor], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static Exception? Attempt(byte[] model)
    {
        try
        {
            OnnxTinyWeights.Zero(model);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static void Refused(byte[] model, string reason) => Assert.That(
        () => OnnxTinyWeights.Zero(model), Throws.TypeOf<OnnxFormatException>().With.Message.Contains(reason));

    /// <summary>A model whose graph has one initializer; the fields are those of onnx.proto.</summary>
    private static byte[] Model(Action<ProtobufWriter> data, int type = FloatTensor, params long[] shape)
    {
        var writer = new ProtobufWriter();
        writer.Write(1, 8);
        writer.Write(7, () => writer.Write(5, () =>
        {
            foreach (var size in shape.Length > 0 ? shape : [2, 4])
                writer.Write(1, size);

            writer.Write(2, type);
            writer.Write(8, "weights");
            data(writer);
        }));
        return writer.Written.ToArray();
    }
}
