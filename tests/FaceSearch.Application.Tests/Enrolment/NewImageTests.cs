using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.TestSupport;

namespace FaceSearch.Application.Tests.Enrolment;

internal sealed class NewImageTests
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Test]
    public void ToImage_LfwName_FillsFileNameVersionAndFace()
    {
        var person = new Person { Name = "Ada Lovelace" };

        var image = Picture("lfw/Ada_Lovelace/Ada_Lovelace_0003.jpg").ToImage(7, "model", person, keepBytes: true, Now);

        Assert.That(image.FileName, Is.EqualTo("Ada_Lovelace_0003.jpg"));
        Assert.That(image.Version, Is.EqualTo(3));
        Assert.That(image.CollectionId, Is.EqualTo(7));
        Assert.That(image.Content?.Data, Is.EqualTo(StandInEncoders.Picture(1, 2)));
        Assert.That(image.Faces.Single().Person, Is.SameAs(person));
        Assert.That(image.Faces.Single().Embeddings.Single().Model, Is.EqualTo("model"));
    }

    [Test]
    public void ToImage_BytesNotKept_HasNoContent() =>
        Assert.That(Picture("x.jpg").ToImage(1, "model", null, keepBytes: false, Now).Content, Is.Null);

    [Test]
    public void ToImage_OverlongFileName_KeepsItsEnd()
    {
        var image = Picture(new string('x', 400) + ".jpg").ToImage(1, "model", null, keepBytes: false, Now);

        Assert.That(image.FileName, Has.Length.EqualTo(Image.FileNameMaxLength).And.EndsWith(".jpg"));
    }

    private static NewImage Picture(string name)
    {
        var bytes = StandInEncoders.Picture(1, 2);
        var detected = new StandInEncoders().Detect(bytes, CancellationToken.None).Value;
        return new NewImage(
            name, bytes, NewImage.HashOf(bytes), detected, StandInEncoders.EmbeddingOf(1), ImageMetadata.None);
    }
}
