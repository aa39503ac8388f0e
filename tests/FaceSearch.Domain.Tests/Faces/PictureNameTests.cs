using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;

namespace FaceSearch.Domain.Tests.Faces;

internal sealed class PictureNameTests
{
    [TestCase("Aaron_Eckhart_0001.jpg", "Aaron Eckhart", 1)]
    [TestCase("Kim_Ryong-sung_0012.png", "Kim Ryong-sung", 12)]
    [TestCase("Ashanti_0004.jpeg", "Ashanti", 4)]
    [TestCase("Aaron_Eckhart/Aaron_Eckhart_0001.jpg", "Aaron Eckhart", 1)]
    [TestCase("lfw/Aaron_Eckhart/Aaron_Eckhart_0003.jpg", "Aaron Eckhart", 3)]
    [TestCase("Ada Lovelace/holiday.jpg", "Ada Lovelace", null)]
    [TestCase("Ada Lovelace\\holiday.jpg", "Ada Lovelace", null)]
    [TestCase("Ada Lovelace/Rome_0007.jpg", "Ada Lovelace", 7)]
    [TestCase("王菲_0002.jpg", "王菲", 2)]
    [TestCase("holiday.jpg", null, null)]
    [TestCase("IMG_0001.jpg", null, null)]
    [TestCase("000296_01099007.jpg", null, null)]
    [TestCase("Aaron_Eckhart_01.jpg", null, null)]
    [TestCase("", null, null)]
    [TestCase("/", null, null)]
    public void Parse_Path_GivesPersonAndVersion(string path, string? person, int? version) =>
        Assert.That(PictureName.Parse(path), Is.EqualTo(new PictureName(person, version)));

    [Test]
    public void Parse_NumberBeyondAnInteger_HasNoVersion() =>
        Assert.That(PictureName.Parse("Ada_Lovelace_99999999999.jpg"), Is.EqualTo(new PictureName("Ada Lovelace", null)));

    [Test]
    public void Parse_OverlongName_HasNoPerson() =>
        Assert.That(PictureName.Parse(new string('x', Person.NameMaxLength + 1) + "_0001.jpg").Person, Is.Null);

    [TestCase(30_000)]
    [TestCase(Image.FileNameMaxLength + 1)]
    [Category("Fault-A8")]
    public void Parse_FileNameLongerThanAnyIsStored_IsNotMatched(int length)
    {
        var name = "_0001.jpg".PadLeft(length, 'a');

        Assert.That(PictureName.Parse(name), Is.EqualTo(default(PictureName)));
        Assert.That(PictureName.Parse("Ada Lovelace/" + name), Is.EqualTo(new PictureName("Ada Lovelace", null)));
    }

    [Test, Category("Fault-A8")]
    public void Parse_FileNameOfTheGreatestLength_IsMatched() =>
        Assert.That(PictureName.Parse("_0001.jpg".PadLeft(Image.FileNameMaxLength, 'a')).Version, Is.EqualTo(1));
}
