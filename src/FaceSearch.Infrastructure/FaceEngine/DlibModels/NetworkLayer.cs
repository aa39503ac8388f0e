namespace FaceSearch.Infrastructure.FaceEngine.DlibModels;

/// <summary>One layer of a network that was read, in the order the data flows.</summary>
internal abstract record NetworkLayer;

/// <summary>The last two dimensions of a sliding window, in pixels.</summary>
internal readonly record struct Window(int Rows, int Columns, int StrideY, int StrideX, int PadY, int PadX);

/// <param name="Weights">Filter, channel, row, column; a cross-correlation, as in ONNX.</param>
/// <param name="Biases">One per filter; empty for none.</param>
internal sealed record Convolution(int Filters, int Channels, Window Window, float[] Weights, float[] Biases)
    : NetworkLayer;

/// <summary>A channel is multiplied by gamma, then beta is added.</summary>
internal sealed record Scale(float[] Gamma, float[] Beta) : NetworkLayer;

internal sealed record Rectifier : NetworkLayer;

/// <summary>The window is clipped at the border: padding never wins.</summary>
internal sealed record MaxPooling(Window Window) : NetworkLayer;

/// <summary>The mean of what lies inside the border; a window of 0 x 0 is the whole plane.</summary>
internal sealed record AveragePooling(Window Window) : NetworkLayer
{
    public bool IsGlobal => Window.Rows == 0 && Window.Columns == 0;
}

/// <param name="Weights">Input, output.</param>
/// <param name="Biases">One per output; empty for none.</param>
internal sealed record FullyConnected(int Inputs, int Outputs, float[] Weights, float[] Biases) : NetworkLayer;

/// <summary>Names the data at this place.</summary>
internal sealed record Tag(int Id) : NetworkLayer;

/// <summary>Continues with the data of a tag.</summary>
internal sealed record Skip(int Id) : NetworkLayer;

/// <summary>
/// Adds the data of a tag. Sizes may differ: the smaller one is extended with zeros at the end of each dimension.
/// </summary>
internal sealed record AddTagged(int Id) : NetworkLayer;

/// <summary>Stacks the channels of two tags.</summary>
internal sealed record Concatenation(int First, int Second) : NetworkLayer;
