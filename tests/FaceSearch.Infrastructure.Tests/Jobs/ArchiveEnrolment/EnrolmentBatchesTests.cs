using FaceSearch.Infrastructure.Jobs;
using FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

namespace FaceSearch.Infrastructure.Tests.Jobs.ArchiveEnrolment;

[TestFixture]
internal sealed class EnrolmentBatchesTests
{
    [TestCase(200, 64, new[] { 8, 16, 32, 64, 64, 16 })]
    [TestCase(20, 10, new[] { 8, 10, 2 })]
    [TestCase(3, 1, new[] { 1, 1, 1 })]
    [TestCase(0, 64, new int[0])]
    public void Cut_Pictures_InBatchesThatGrow(int count, int pictures, int[] expected) =>
        Assert.That(Sizes(Candidates(count, bytes: 1), pictures), Is.EqualTo(expected));

    [Test]
    public void Cut_LargePictures_AreBatchedByTheirBytes() =>
        Assert.That(Sizes(Candidates(5, bytes: 1 + (BatchLimits.MaxBytes / 3)), 64), Is.EqualTo(new[] { 2, 2, 1 }));

    [Test]
    public void Cut_DecidedEntries_CountOnlyAsEntries() =>
        Assert.That(
            Sizes(Candidates(EnrolmentBatches.MaxEntries + 1, bytes: 1).Select(candidate => candidate.Fail("no-face")), 64),
            Is.EqualTo(new[] { EnrolmentBatches.MaxEntries, 1 }));

    private static IEnumerable<EnrolmentCandidate> Candidates(int count, int bytes) => Enumerable.Range(0, count)
        .Select(position => new EnrolmentCandidate(position, "a.jpg") { Bytes = new byte[bytes] });

    private static IEnumerable<int> Sizes(IEnumerable<EnrolmentCandidate> candidates, int pictures) =>
        EnrolmentBatches.Cut(candidates, pictures).Select(batch => batch.Length);
}
