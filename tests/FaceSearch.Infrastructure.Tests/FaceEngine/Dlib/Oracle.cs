using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.TestSupport;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.Dlib;

/// <summary>dlib itself: the program built by tests/Oracle/build.sh. Tests that need it are skipped without it.</summary>
internal sealed class Oracle : IDisposable
{
    private static readonly string Program = Environment.GetEnvironmentVariable("FACESEARCH_ORACLE")
        ?? Path.Combine(SharedData.RepositoryRoot, "artifacts", "oracle", "oracle");

    private readonly string folder = Directory.CreateTempSubdirectory("oracle").FullName;
    private int files;

    public Oracle()
    {
        if (!IsThere)
            Assert.Ignore(Missing);
    }

    public static string Missing => "Needs dlib: run tests/Oracle/build.sh.";

    public static bool IsThere => File.Exists(Program);

    /// <summary>A network with random weights, written by dlib.</summary>
    /// <param name="form"><c>trained</c> holds bn_con, <c>used</c> affine layers.</param>
    public string WriteNetwork(string kind, string form, bool clean)
    {
        var file = NextFile();
        Run(["write-network", kind, form, "7", file, clean ? "clean" : "unclean"]);
        return file;
    }

    /// <summary>A shape predictor with random trees, written by dlib.</summary>
    public string WritePredictor(int points)
    {
        var file = NextFile();
        Run(["write-predictor", $"{points}", "7", file]);
        return file;
    }

    public float[][] Embed(string kind, string network, IEnumerable<byte[]> chips, int batch)
    {
        var (input, output) = (NextFile(), NextFile());
        File.WriteAllBytes(input, [.. chips.SelectMany(chip => chip)]);
        Run(["embed", kind, network, input, $"{batch}", output]);
        return [.. MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(output)).ToArray().Chunk(128)];
    }

    /// <summary>The boxes and scores of each picture.</summary>
    public (BoundingBox Box, double Score)[][] Detect(string network, IEnumerable<RgbImage> pictures, int upsample)
    {
        var list = string.Join('\n', pictures.Select(Write));
        return [.. Lines(Run(["detect", network, $"{upsample}"], list)).Select(line =>
            line.Skip(1).Chunk(5).Select(v => (Box((int)v[0], (int)v[1], (int)v[2], (int)v[3]), v[4])).ToArray())];
    }

    /// <summary>The landmarks and the chip of each face.</summary>
    public ((int X, int Y)[] Points, byte[] Chip)[] Align(
        string predictor, IEnumerable<(RgbImage Picture, BoundingBox Box)> faces)
    {
        var chips = NextFile();
        var list = string.Join('\n', faces.Select(face =>
            $"{Write(face.Picture)} {face.Box.X} {face.Box.Y} {face.Box.X + face.Box.Width - 1} {face.Box.Y + face.Box.Height - 1}"));
        var lines = Lines(Run(["align", predictor, chips], list));
        return [.. lines.Zip(File.ReadAllBytes(chips).Chunk(150 * 150 * 3), (line, chip) =>
            (line.Chunk(2).Select(v => ((int)v[0], (int)v[1])).ToArray(), chip))];
    }

    public string Save(byte[] bytes)
    {
        var file = NextFile();
        File.WriteAllBytes(file, bytes);
        return file;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static BoundingBox Box(int left, int top, int right, int bottom) =>
        new(left, top, right - left + 1, bottom - top + 1);

    private static IEnumerable<double[]> Lines(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray());

    private string Write(RgbImage picture) =>
        Save([.. Encoding.ASCII.GetBytes($"P6\n{picture.Width} {picture.Height}\n255\n"), .. picture.Pixels]);

    private string NextFile() => Path.Combine(folder, $"{files++}");

    private static string Run(string[] arguments, string input = "")
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";

        // The same kernel on every machine, because the one of AVX-512 rounds the transform of a random chip differently.
        start.Environment["OPENBLAS_CORETYPE"] = "HASWELL";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return output;
    }
}
