using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.EspdlModels;
using FaceSearch.Infrastructure.Startup;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.EspdlModels;

public sealed class EspdlGraphTests
{
    [Test]
    public void Read_Mfn_HasItsNodesAndExactWeights()
    {
        var graph = EspdlGraph.Read(File.ReadAllBytes(SharedData.Model(MfnProfile.NetworkFile)));

        Assert.That(graph.Nodes.GroupBy(node => node.Operation).ToDictionary(group => group.Key, group => group.Count()),
            Is.EqualTo(new Dictionary<string, int> { ["Conv"] = 53, ["PRelu"] = 35, ["Add"] = 12, ["Concat"] = 3 }));
        Assert.That((graph.Input, graph.Output), Is.EqualTo(("input", "embedding")));
        Assert.That(graph.Constants["conv_6dw7_7.weight"].DepthwiseFilters(), Has.None.Matches<float>(float.IsSubnormal));
    }

    [Test]
    public void Read_EveryPrefix_IsRefused()
    {
        var file = new SmallNetwork().Write();
        for (var length = 0; length < file.Length; length++)
        {
            Assert.That(() => Open(file.AsMemory(0, length)), Throws.TypeOf<EspdlFormatException>(), $"{length}");
            var body = file.AsMemory(Math.Min(16, length), Math.Max(0, length - 16));
            Assert.That(() => Open(EspdlWriter.File(body.Span)), Throws.TypeOf<EspdlFormatException>(), $"{length}, length as in its header");
        }
    }

    // Each byte of a small file, set to four values: the file is refused or read with other values.
    [Test]
    public void Read_DamagedByte_IsReadOrRefused()
    {
        var file = new EspdlWriter().Slopes("slopes", [1, 2, 3], -3)
            .Node("PRelu", ["input", "slopes"], "bent")
            .Node("Transpose", ["bent"], "turned", ("perm", new long[] { 0, 3, 1, 2 }))
            .Node("Flatten", ["turned"], "output", ("axis", 1L)).Write();
        Assert.That(() => Open(file), Throws.Nothing);
        var refused = 0;
        for (var i = 0; i < file.Length; i++)
        {
            foreach (var value in new byte[] { 0, 1, 0x7F, 0xFF })
            {
                var damaged = (byte[])file.Clone();
                damaged[i] = value;
                if (IsRefused(damaged))
                    refused++;
            }
        }

        Assert.That(refused, Is.GreaterThan(file.Length / 4));
    }

    // Counts and offsets of 4 billion, one after another.
    [Test]
    public void Read_HostileCount_AllocatesNextToNothing()
    {
        var file = new EspdlWriter().Write();
        for (var i = 16; i + 4 <= file.Length; i += 4)
        {
            var damaged = (byte[])file.Clone();
            damaged.AsSpan(i, 4).Fill(0xFF);
            var before = GC.GetAllocatedBytesForCurrentThread();
            IsRefused(damaged);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
        }
    }

    [Test]
    public void Read_OtherHeader_SaysWhatIsWrong()
    {
        var file = new SmallNetwork().Write();
        var encrypted = (byte[])file.Clone();
        encrypted[4] = 1;

        Assert.That(() => EspdlGraph.Read(encrypted), Refused("it is encrypted"));
        Assert.That(() => EspdlGraph.Read((byte[])[.. file, 0]), Refused("its length is not the one in its header"));
        Assert.That(() => EspdlGraph.Read(file.AsMemory(1)), Refused("it does not start with EDL2"));
        Assert.That(() => EspdlGraph.Read(EspdlWriter.File(FlatBufferWriter.Write(new(new Dictionary<int, object>())))), Refused("it holds no network"));
    }

    [TestCase(4, "layout ==> N16HWC16", 0, "unknown type 4")]
    [TestCase(3, "layout ==> N16HWC16", 65, "needs one exponent")]
    [TestCase(3, "layout ==> HWC", 0, "shape, type or layout")]
    [TestCase(6, "layout ==> N16HWC16", 0, "fewer items than its shape")]
    public void Read_UnknownTensor_SaysWhatIsWrong(int type, string layout, int exponent, string message)
    {
        var writer = new EspdlWriter().Constant("c.w", [1, 1, 3, 16], type, new byte[48], exponent, layout)
            .Bias("c.b", new int[16], 0)
            .Convolution("input", "c", kernel: 1, stride: 1, pad: 0);

        Assert.That(() => Open(writer.Write(output: "c")), Refused(message));
    }

    [Test]
    public void Open_DamagedFile_NamesIt()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "network.espdl");
        File.WriteAllBytes(path, [1, 2, 3]);

        Assert.That(() => MfnProfile.OpenEmbedder(path, _ => null!), Throws.TypeOf<StartException>()
            .With.Message.EqualTo($"The model file {path} can't be used: Not a usable ESP-DL model: it does not start with EDL2."));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    private static bool IsRefused(byte[] file)
    {
        try
        {
            Open(file);
            return false;
        }
        catch (EspdlFormatException)
        {
            return true;
        }
    }

    private static NUnit.Framework.Constraints.ContainsConstraint Refused(string message) =>
        Throws.TypeOf<EspdlFormatException>().With.Message.Contains(message);

    private static ReadOnlyMemory<byte> Open(ReadOnlyMemory<byte> file) =>
        EspdlTranslator.TranslateEmbedder(EspdlGraph.Read(file), SmallNetwork.Size);
}
