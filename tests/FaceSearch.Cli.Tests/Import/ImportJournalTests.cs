using FaceSearch.Cli.Import;

namespace FaceSearch.Cli.Tests.Import;

internal sealed class ImportJournalTests
{
    private static readonly Uri Server = new("http://localhost:8000");

    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("facesearch-journal-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void OpenedAgain_HasTheJobAndTheKey()
    {
        var job = Guid.NewGuid();
        var first = Open();
        first.Save();
        var key = first.KeyOf("part");
        first.Note("part", job);

        var second = Open();

        Assert.That(first.IsResumed, Is.False);
        Assert.That(second.IsResumed, Is.True);
        Assert.That(second.JobOf("part"), Is.EqualTo(job));
        Assert.That(second.KeyOf("part"), Is.EqualTo(key));
        Assert.That(second.JobOf("another"), Is.Null);
    }

    [Test]
    public void Deleted_TheNextImportIsAnother()
    {
        var first = Open();
        first.Save();
        var key = first.KeyOf("part");
        first.Delete();

        Assert.That(Open().IsResumed, Is.False);
        Assert.That(Open().KeyOf("part"), Is.Not.EqualTo(key));
    }

    [Test]
    public void Forgotten_ThePartIsSentWithAnotherKey()
    {
        var journal = Open();
        journal.Note("part", Guid.NewGuid());
        var key = journal.KeyOf("part");

        journal.Forget("part");

        Assert.That(journal.JobOf("part"), Is.Null);
        Assert.That(journal.KeyOf("part"), Is.Not.EqualTo(key));
        Assert.That(Open().KeyOf("part"), Is.EqualTo(journal.KeyOf("part")));
    }

    [Test]
    public void EachServerCollectionAndSource_HasItsOwn()
    {
        Open().Save();

        Assert.That(ImportJournal.Open(folder, new Uri("http://other"), "default", "/pictures").IsResumed, Is.False);
        Assert.That(ImportJournal.Open(folder, Server, "other", "/pictures").IsResumed, Is.False);
        Assert.That(ImportJournal.Open(folder, Server, "default", "/other").IsResumed, Is.False);
        Assert.That(Open().IsResumed, Is.True);
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("{}")]
    [TestCase("null")]
    public void Damaged_TheImportStartsAgain(string content)
    {
        Open().Save();
        File.WriteAllText(Directory.GetFiles(folder).Single(), content);

        Assert.That(Open().IsResumed, Is.False);
    }

    private ImportJournal Open() => ImportJournal.Open(folder, Server, "default", "/pictures");
}
