using FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

namespace FaceSearch.Infrastructure.Tests.Jobs.ArchiveEnrolment;

[Category("Fault-C7")]
internal sealed class DurableFileTests
{
    [Test]
    public void Move_KeepsTheBytes()
    {
        var folder = Directory.CreateTempSubdirectory("facesearch-test-");
        try
        {
            var (from, to) = (Path.Combine(folder.FullName, "a.part"), Path.Combine(folder.FullName, "a.zip"));
            File.WriteAllText(from, "zip");

            DurableFile.Move(from, to);

            Assert.That((File.Exists(from), File.ReadAllText(to)), Is.EqualTo((false, "zip")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>It passes nothing over: a folder that can't be flushed is an error.</summary>
    [Test, Platform("Unix")]
    public void FlushFolder_Missing_Throws() => Assert.That(
        () => DurableFile.FlushFolder(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString())), Throws.InstanceOf<IOException>());
}
