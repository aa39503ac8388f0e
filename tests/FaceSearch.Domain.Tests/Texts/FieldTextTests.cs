using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Texts;
using FsCheck;
using FsCheck.Fluent;

namespace FaceSearch.Domain.Tests.Texts;

[Category("Fault-B7")]
internal sealed class FieldTextTests
{
    [TestCase("Ada Lovelace", "Ada Lovelace")]
    [TestCase("Jose\u0301", "Jos\u00E9")]
    [TestCase("  Ada\t", "Ada")]
    [TestCase("\u1112\u1161\u11AB", "\uD55C", TestName = "Hangul")]
    [TestCase("\u212B", "\u00C5", TestName = "Angstrom sign")]
    [TestCase("q\u0323\u0307", "q\u0323\u0307", TestName = "Marks in order")]
    [TestCase("q\u0307\u0323", "q\u0323\u0307", TestName = "Marks out of order")]
    [TestCase("\U0001D15E", "\U0001D157\U0001D165", TestName = "Beyond the basic plane")]
    [TestCase("\uFF21", "\uFF21", TestName = "Wide letter stays")]
    [TestCase("Ada\u200BLovelace\uFEFF", "AdaLovelace")]
    [TestCase("\u202EadA\u202C", "adA")]
    [TestCase("Muel\u00ADler", "Mueller")]
    [TestCase("e\u2060\u0301", "\u00E9", TestName = "Invisible between letter and mark")]
    [TestCase("Ada\u200D", "Ada")]
    [TestCase("A\u200Cda", "Ada", TestName = "Joiner between Latin letters")]
    [TestCase("\u0646\u06CC\u200C\u0645\u0627", "\u0646\u06CC\u200C\u0645\u0627", TestName = "Persian")]
    [TestCase("\u0915\u094D\u200D\u0937", "\u0915\u094D\u200D\u0937", TestName = "Hindi")]
    [TestCase("\U0001F469\u200D\U0001F4BB", "\U0001F469\u200D\U0001F4BB", TestName = "Emoji")]
    public void Normalize_Text_GivesTheStoredForm(string text, string expected) =>
        Assert.That(FieldText.Normalize(text), Is.EqualTo(expected));

    [Test]
    public void Normalize_AnyText_IsStoredUnchangedTheNextTime()
    {
        var texts = Gen.ArrayOf(Gen.Elements(
            "e", "A", "\u0301", "\u0323", "\u00AD", "\u200C", "\u200D", "\u200B", "\u202E", "\u212B", "\u1EBF", "\u0915", "\u094D",
            "\u0646", "\u1112", "\u1161", "\U0001F469", "\u20D0", " ", "\u2001", "\uFEFF", "\uD800")).Select(string.Concat);

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            var stored = FieldText.Normalize(text);
            return FieldText.Normalize(stored) == stored && FieldText.Clean(stored) == stored;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [TestCase("", false)]
    [TestCase("\u200B", false)]
    [TestCase("A\u0000da", false, TestName = "NUL")]
    [TestCase("\u001B[31mAda", false, TestName = "Escape sequence")]
    [TestCase("Ada\u007F", false)]
    [TestCase("Ada\u0085Lovelace", false)]
    [TestCase("Ada\u2028Lovelace", false)]
    [TestCase("Jos\uFFFD", false)]
    [TestCase("123456789", false)]
    [TestCase("12345678", true)]
    [TestCase("\U0001F600", true)]
    public void IsValid_NormalizedText_HasVisibleCharactersOnly(string text, bool expected) =>
        Assert.That(FieldText.IsValid(FieldText.Normalize(text), 8), Is.EqualTo(expected));

    /// <summary>Not a test case: the runner can't pass half of a pair on.</summary>
    [Test]
    public void IsValid_HalfOfASurrogatePair_IsFalse() => Assert.That(FieldText.IsValid("a\uD800b", 8), Is.False);

    [TestCase("Jose\u0301/a.jpg", "Jos\u00E9")]
    [TestCase("Ada\u200B/a.jpg", "Ada")]
    [TestCase("A\u001Bda\u0007/a.jpg", "Ada", TestName = "Control characters in a path")]
    [TestCase("Jose\u0301_0001.jpg", "Jos\u00E9")]
    [TestCase("Jos\uFFFD/a.jpg", null)]
    [TestCase("\u200B/a.jpg", null)]
    public void PictureName_OfAPath_IsInTheStoredForm(string path, string? person) =>
        Assert.That(PictureName.Parse(path).Person, Is.EqualTo(person));
}
