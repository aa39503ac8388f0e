namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

/// <summary>A network as it was read from one of dlib's files.</summary>
/// <param name="Detection">Only a detector has it.</param>
/// <param name="Layers">In the order the data flows.</param>
internal sealed record DlibNetwork(NetworkInput Input, DetectionOptions? Detection, IReadOnlyList<NetworkLayer> Layers)
{
    /// <exception cref="DlibFormatException">Truncated, damaged, another network, or trailing bytes.</exception>
    public static DlibNetwork Read(ReadOnlyMemory<byte> file, NetworkGrammar grammar) =>
        new NetworkReader(new DlibReader(file), grammar).Read();
}

/// <summary>
/// RGB planes of (value - mean) / 256. The means are on the scale of the bytes, 0 to 255.
/// </summary>
/// <param name="Padding">Pixels between the tiles of a detector's pyramid.</param>
/// <param name="OuterPadding">Pixels around them.</param>
internal sealed record NetworkInput(float Red, float Green, float Blue, int Padding = 0, int OuterPadding = 0)
{
    /// <summary>What each of the 256 values of a byte becomes; exact in single precision.</summary>
    public static void Prepare(float mean, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = (i - mean) / 256;
    }
}

/// <summary>What loss_mmod needs to turn scores into boxes.</summary>
/// <param name="MaxIou">A box is dropped when it overlaps a better one by more, measured as intersection over hull.</param>
/// <param name="MaxCovered">Or when more than this part of either box is covered by the other.</param>
internal sealed record DetectionOptions(int WindowWidth, int WindowHeight, double MaxIou, double MaxCovered);
