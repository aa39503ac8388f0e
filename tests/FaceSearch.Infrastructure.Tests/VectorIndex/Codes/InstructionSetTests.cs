using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Codes;

/// <summary>
/// Other processors: the tests of category Portable run again in a separate process with instruction sets switched off in
/// the runtime, so that the selection of a code path is tested with the paths.
/// </summary>
[TestFixture]
internal sealed class InstructionSetTests
{
    public const string Portable = nameof(Portable);

    private const string WidestVariable = "FACESEARCH_TEST_WIDEST_VECTOR";

    private static readonly string[] Avx512 = ["EnableAVX512", "EnableAVX512F", "EnableAVX512BW"];

    [TestCase(256)]
    [TestCase(128)]
    [TestCase(0)]
    public async Task Oracles_NarrowerProcessor_Pass(int widest)
    {
        if (Environment.GetEnvironmentVariable(WidestVariable) is not null)
            Assert.Ignore("This is the child process.");

        var start = new ProcessStartInfo("dotnet", ["vstest", typeof(InstructionSetTests).Assembly.Location, $"--TestCaseFilter:TestCategory={Portable}", "--logger:console;verbosity=normal"])
        {
            RedirectStandardOutput = true,
            Environment = { [WidestVariable] = widest.ToString(CultureInfo.InvariantCulture) },
        };
        foreach (var name in widest switch { 256 => Avx512, 128 => [.. Avx512, "EnableAVX2"], _ => ["EnableHWIntrinsic"] })
            start.Environment[$"DOTNET_{name}"] = "0";

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.That(process.ExitCode, Is.Zero, output);
        Assert.That(output, Does.Contain($"Passed {nameof(Vectors_OfTheChild_AreNoWiderThanAsked)}"));
    }

    [Test, Category(Portable)]
    public void Vectors_OfTheChild_AreNoWiderThanAsked()
    {
        var widest = Environment.GetEnvironmentVariable(WidestVariable) ?? "512";
        var found = Vector512.IsHardwareAccelerated ? 512
            : Vector256.IsHardwareAccelerated ? 256
            : Vector128.IsHardwareAccelerated ? 128 : 0;
        Assert.That(found, Is.LessThanOrEqualTo(int.Parse(widest, CultureInfo.InvariantCulture)));
    }
}
