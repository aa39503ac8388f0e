using FaceSearch.Infrastructure.FaceEngine.DlibModels;

namespace FaceSearch.Infrastructure.Tests.FaceEngine.DlibModels;

public sealed class DlibReaderTests
{
    [TestCase(new byte[] { 0x01, 0x05 }, 5)]
    [TestCase(new byte[] { 0x81, 0x05 }, -5)]
    [TestCase(new byte[] { 0x02, 0x34, 0x12 }, 0x1234)]
    [TestCase(new byte[] { 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, -long.MaxValue)]
    public void ReadInteger_ControlByteAndMagnitude_IsTheNumber(byte[] bytes, long expected) =>
        Assert.That(new DlibReader(bytes).ReadInteger(), Is.EqualTo(expected));

    [TestCase(new byte[] { 0x00 }, Description = "no bytes")]
    [TestCase(new byte[] { 0x09, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, Description = "nine bytes")]
    [TestCase(new byte[] { 0x11, 0x05 }, Description = "an unknown bit")]
    [TestCase(new byte[] { 0x02, 0x05 }, Description = "cut short")]
    [TestCase(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, Description = "64 bits")]
    [TestCase(new byte[0], Description = "nothing")]
    public void ReadInteger_Damaged_IsRefused(byte[] bytes) =>
        Assert.That(() => new DlibReader(bytes).ReadInteger(), Throws.TypeOf<DlibFormatException>());

    [TestCase(new byte[] { 0x01, 3, 0x81, 1 }, 1.5)]
    [TestCase(new byte[] { 0x81, 3, 0x01, 2 }, -12)]
    [TestCase(new byte[] { 0x01, 0, 0x02, 0x00, 0x7D }, double.PositiveInfinity)]
    [TestCase(new byte[] { 0x01, 0, 0x02, 0x01, 0x7D }, double.NegativeInfinity)]
    [TestCase(new byte[] { 0x01, 0, 0x02, 0x02, 0x7D }, double.NaN)]
    [TestCase(new byte[] { (byte)'-', (byte)'2', (byte)'.', (byte)'5', (byte)' ' }, -2.5)]
    public void ReadFloat_EitherForm_IsTheNumber(byte[] bytes, double expected) =>
        Assert.That(new DlibReader(bytes).ReadFloat(), Is.EqualTo(expected));

    [TestCase("12")]
    [TestCase("1x2 ")]
    public void ReadFloat_MalformedText_IsRefused(string text) =>
        Assert.That(() => new DlibReader(text.Select(c => (byte)c).ToArray()).ReadFloat(), Throws.TypeOf<DlibFormatException>());

    [Test]
    public void ReadMatrix_NegativeSizes_IsTheCurrentFormat()
    {
        byte[] bytes = [0x81, 1, 0x81, 2, .. Float(1), .. Float(2)];

        Assert.That(new DlibReader(bytes).ReadMatrix(), Is.EqualTo(new float[] { 1, 2 }));
    }

    [Test]
    public void ReadTensor_RawFloats_AreLittleEndian()
    {
        byte[] bytes = [0x01, 2, 0x01, 1, 0x01, 1, 0x01, 1, 0x01, 2, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0];

        Assert.That(new DlibReader(bytes).ReadTensor(), Is.EqualTo(new float[] { 1, -2 }));
    }

    // Lengths that would allocate gigabytes without a check.
    [TestCaseSource(nameof(HostileLengths))]
    public void Read_HostileLength_AllocatesNextToNothing(Delegate read, byte[] bytes)
    {
        Attempt(); // the first exception loads code and allocates memory

        var before = GC.GetAllocatedBytesForCurrentThread();
        Attempt();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(100_000));

        void Attempt() => Assert.Throws<DlibFormatException>(() => ((Action<DlibReader>)read)(new DlibReader(bytes)));
    }

    private static IEnumerable<TestCaseData> HostileLengths()
    {
        byte[] huge = [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
        byte[] big = [0x04, 0xFF, 0xFF, 0xFF, 0x7F];
        byte[] bigNegative = [0x84, 0xFF, 0xFF, 0xFF, 0x7F];
        var rest = new byte[1000];
        yield return Case("string", reader => reader.ReadString(), [.. huge, .. rest]);
        yield return Case("count", reader => reader.ReadCount(), [.. big, .. rest]);
        yield return Case("matrix", reader => reader.ReadMatrix(), [.. bigNegative, .. bigNegative, .. rest]);
        yield return Case("matrix, one long row", reader => reader.ReadMatrix(), [1, 1, .. big, .. rest]);
        yield return Case("tensor, only its product", reader => reader.ReadTensor(), [1, 2, 1, 200, 1, 200, 1, 2, 1, 1, .. rest]);
        yield return Case("matrix, product overflows", reader => reader.ReadMatrix(), [.. huge, .. huge, .. rest]);
        yield return Case("tensor", reader => reader.ReadTensor(), [1, 2, .. big, .. big, .. big, .. big, .. rest]);
        yield return Case("tensor, overflowing", reader => reader.ReadTensor(), [1, 2, .. huge, .. huge, 1, 0, 1, 0, .. rest]);
        yield return Case("skipped tensor", reader => reader.SkipTensor(), [1, 2, .. big, 1, 1, 1, 1, 1, 1, .. rest]);
        yield return Case("name", reader => reader.ReadName("a name", "known"), [.. big, .. rest]);
    }

    private static TestCaseData Case(string name, Action<DlibReader> read, byte[] bytes) =>
        new TestCaseData(read, bytes).SetArgDisplayNames(name);

    private static byte[] Float(byte value) => [0x01, value, 0x01, 0];
}
