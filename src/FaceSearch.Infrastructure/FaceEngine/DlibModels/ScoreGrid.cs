namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

/// <summary>How a detector's scores lie over the picture it was given.</summary>
/// <param name="Stride">Pixels from one score to the next.</param>
/// <param name="Offset">The pixel under the centre of the first score's window.</param>
/// <param name="Extent">How many pixels the first score needs, padding aside.</param>
/// <param name="Margin">How many scores next to a cut are wrong because the network pads there.</param>
internal readonly record struct ScoreGrid(int Stride, int Offset, int Extent, int Margin)
{
    public static ScoreGrid Of(DlibNetwork network)
    {
        int stride = 1, offset = 0, extent = 1, padded = 0;
        foreach (var layer in network.Layers)
        {
            if (layer is not Convolution { Window: var window })
                continue;

            if (window.Rows != window.Columns || window.StrideX != window.StrideY || window.PadX != window.PadY)
                throw new DlibFormatException("Not a usable dlib model: the detector's windows are not square.");

            offset += (((window.Rows - 1) / 2) - window.PadY) * stride;
            extent += (window.Rows - 1 - (2 * window.PadY)) * stride;
            padded += window.PadY * stride;
            stride *= window.StrideY;
        }

        return new ScoreGrid(stride, offset, extent, (padded + stride - 1) / stride);
    }

    /// <summary>How many scores fit into the given number of pixels.</summary>
    public int Scores(int pixels) => pixels < Extent ? 0 : ((pixels - Extent) / Stride) + 1;

    /// <summary>How many pixels the given number of scores needs.</summary>
    public int Pixels(int scores) => ((scores - 1) * Stride) + Extent;
}
