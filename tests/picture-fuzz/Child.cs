using System.Globalization;
using FaceSearch.TestSupport;

namespace FaceSearch.PictureFuzz;

/// <summary>Decodes each input, reads its metadata and finds its faces. An exception ends the process.</summary>
internal static class Child
{
    public static int Run(Inputs inputs)
    {
        var (encoder, metadata) = (TestEngine.Encoder, TestEngine.Metadata);
        Console.WriteLine("ready");
        while (Console.ReadLine() is { } line)
        {
            var input = inputs.Make(int.Parse(line, CultureInfo.InvariantCulture));
            metadata.Read(input);
            var detected = encoder.Detect(input, CancellationToken.None);
            Console.WriteLine(detected.Error?.Code ?? $"{detected.Value.Faces.Count} faces");
        }

        return 0;
    }
}
