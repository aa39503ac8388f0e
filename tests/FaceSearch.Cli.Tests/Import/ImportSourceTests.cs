using System.Security.Cryptography;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Import;

namespace FaceSearch.Cli.Tests.Import;

internal sealed class ImportSourceTests
{
    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("facesearch-source-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Folder_GivesItsPictures_ByNameAndPerson()
    {
        Write("Grace Hopper/b.PNG", 3);
        Write("Ada Lovelace/a.jpg", 2);
        Write("Ada Lovelace/notes.txt", 9);
        Write("top.webp", 1);
        Write(".hidden.jpg", 1);
        Write(".git/c.jpg", 1);

        var read = PictureFolder.Read(folder);

        Assert.That(read.Pictures.Select(picture => (picture.Name, picture.Length)), Is.EqualTo(new[]
        {
            ("Ada Lovelace/a.jpg", 2L), ("Grace Hopper/b.PNG", 3L), ("top.webp", 1L),
        }));
        Assert.That(read.Others, Is.EqualTo(1));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void CyclicLink_IsNotFollowed()
    {
        Write("a.jpg", 1);
        Directory.CreateSymbolicLink(Path.Combine(folder, "loop"), folder);

        Assert.That(PictureFolder.Read(folder).Pictures, Has.Count.EqualTo(1));
    }

    [Test]
    public void NoPictureOrNoFolder_IsReported()
    {
        Write("notes.txt", 1);

        Assert.That(() => PictureFolder.Read(folder), Throws.InstanceOf<CliException>().With.Message.Contains("no picture"));
        Assert.That(
            () => ImportSource.Open(Path.Combine(folder, "nowhere"), 1, _ => { }),
            Throws.InstanceOf<CliException>().With.Message.Contains("no folder or zip"));
    }

    [TestCase(new[] { 4L, 4, 4 }, 8, "2 1")]
    [TestCase(new[] { 4L, 4, 4 }, 7, "1 1 1")]
    [TestCase(new[] { 9L, 1, 1 }, 8, "1 2")]
    [TestCase(new[] { 1L, 9, 1 }, 8, "1 1 1")]
    [TestCase(new[] { 1L, 1, 1 }, 8, "3")]
    public void Cut_FillsParts_AndNeverSplitsAPicture(long[] lengths, long most, string expected)
    {
        var pictures = lengths.Select((length, i) => new PictureEntry($"{i}", $"{i}", length)).ToList();

        var parts = ImportSource.Cut(pictures, most).ToList();

        Assert.That(string.Join(' ', parts.Select(part => part.Count)), Is.EqualTo(expected));
        Assert.That(parts.SelectMany(part => part), Is.EqualTo(pictures));
    }

    [Test]
    public void Cut_OfManySmallPictures_IsBoundedByTheirNumber()
    {
        var pictures = Enumerable.Range(0, (2 * ImportSource.MostPictures) + 1).Select(i => new PictureEntry($"{i}", $"{i}", 1)).ToList();

        Assert.That(ImportSource.Cut(pictures, long.MaxValue).Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task Hash_IsOfNamesAndContents()
    {
        Write("Ada/a.jpg", 5);
        var first = await HashAsync();
        Assert.That(await HashAsync(), Is.EqualTo(first), "unchanged");

        Directory.Move(Path.Combine(folder, "Ada"), Path.Combine(folder, "Bea"));
        var renamed = await HashAsync();
        File.WriteAllBytes(Path.Combine(folder, "Bea", "a.jpg"), [1, 2, 3, 4, 6]);
        var changed = await HashAsync();

        Assert.That(new[] { first, renamed, changed }, Is.Unique);
    }

    private async Task<string> HashAsync()
    {
        await using var archive = await ImportSource.Open(folder, 1000, _ => { }).Parts.Single().OpenAsync(default);
        return Convert.ToHexString(await SHA256.HashDataAsync(archive));
    }

    private void Write(string name, int length)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, [.. Enumerable.Range(1, length).Select(i => (byte)i)]);
    }
}
