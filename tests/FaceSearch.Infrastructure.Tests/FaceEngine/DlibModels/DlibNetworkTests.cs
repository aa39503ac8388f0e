using FaceSearch.Infrastructure.FaceEngine.DlibModels;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.DlibModels;

/// <summary>dlib's published files, whole and damaged.</summary>
public sealed class DlibNetworkTests
{
    [Test]
    public void Read_DenseNet_HasItsLayers()
    {
        var network = DlibNetwork.Read(DlibFiles.DenseNet, NetworkGrammar.DenseNet);

        Assert.That(network.Layers.OfType<Concatenation>().Count(), Is.EqualTo(3 + 6 + 12 + 8));
        Assert.That(((FullyConnected)network.Layers[^1]).Inputs, Is.EqualTo(258));
        Assert.That(network.Input.Red, Is.EqualTo(122.782f));
    }

    [Test]
    public void Read_Mmod_HasItsWindowAndGrid()
    {
        var network = DlibNetwork.Read(DlibFiles.Mmod, NetworkGrammar.Mmod);

        Assert.That(network.Detection!.WindowWidth, Is.EqualTo(80));
        Assert.That(ScoreGrid.Of(network), Is.EqualTo(new ScoreGrid(Stride: 8, Offset: 14, Extent: 29, Margin: 10)));
        Assert.That(network.Input.OuterPadding, Is.EqualTo(11));
    }

    // Gets the files first: a missing file skips the test, but inside an assertion it would be a failure.
    [Test]
    public void Read_AnotherNetwork_IsRefused()
    {
        var (resNet, mmod, landmarks) = (DlibFiles.ResNet, DlibFiles.Mmod, DlibFiles.Landmarks);

        Assert.That(() => DlibNetwork.Read(resNet, NetworkGrammar.DenseNet), Refused);
        Assert.That(() => DlibNetwork.Read(resNet, NetworkGrammar.Mmod), Refused);
        Assert.That(() => DlibNetwork.Read(mmod, NetworkGrammar.ResNet), Refused);
        Assert.That(() => DlibNetwork.Read(mmod, NetworkGrammar.DenseNet), Refused);
        Assert.That(() => ShapePredictorReader.Read(mmod), Refused);
        Assert.That(() => DlibNetwork.Read(landmarks, NetworkGrammar.Mmod), Refused);
    }

    [Test]
    public void Read_DenseNetAsAnother_IsRefused()
    {
        var denseNet = DlibFiles.DenseNet;

        Assert.That(() => DlibNetwork.Read(denseNet, NetworkGrammar.ResNet), Refused);
        Assert.That(() => DlibNetwork.Read(denseNet, NetworkGrammar.Mmod), Refused);
    }

    [Test]
    public void Read_BytesLeftOver_IsRefused()
    {
        var (mmod, landmarks) = (DlibFiles.Mmod, DlibFiles.Landmarks);

        Assert.That(() => DlibNetwork.Read((byte[])[.. mmod, 0], NetworkGrammar.Mmod), Refused);
        Assert.That(() => ShapePredictorReader.Read((byte[])[.. landmarks, 0]), Refused);
    }

    [Test]
    public void Read_Truncated_IsRefused()
    {
        var random = new Random(1);
        var (mmod, predictor) = (DlibFiles.Mmod, DlibFiles.Landmarks);
        for (var i = 0; i < 60; i++)
        {
            Assert.That(() => DlibNetwork.Read(mmod.AsMemory(0, random.Next(mmod.Length)), NetworkGrammar.Mmod), Refused);
            Assert.That(() => ShapePredictorReader.Read(predictor.AsMemory(0, random.Next(predictor.Length))), Refused);
        }
    }

    // A changed byte of the structure is refused, one of the weights is not detected; no other result is allowed.
    [Test]
    public void Read_DamagedByte_IsReadOrRefused()
    {
        var random = new Random(2);
        for (var i = 0; i < 300; i++)
        {
            Attempt(DlibFiles.Mmod, file => NetworkTranslator.TranslateDetector(DlibNetwork.Read(file, NetworkGrammar.Mmod)));
            Attempt(DlibFiles.Landmarks, file => ShapePredictorReader.Read(file));
        }

        void Attempt(byte[] whole, Action<byte[]> read)
        {
            var file = (byte[])whole.Clone();
            // Half of the damage near the start, where the structure is dense.
            file[random.Next(random.Next(2) == 0 ? 400 : file.Length)] = (byte)random.Next(256);
            try
            {
                read(file);
            }
            catch (DlibFormatException)
            {
            }
        }
    }

    private static NUnit.Framework.Constraints.IResolveConstraint Refused => Throws.TypeOf<DlibFormatException>();
}
