using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Gallery;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Gallery;

/// <summary>A collection that changes its model while it is searched.</summary>
[TestFixture]
internal sealed class GalleryGenerationTests
{
    private const long Collection = 1;
    private const string Old = "model-a";
    private const string New = "model-b";

    private InMemoryFaceGallery gallery;

    [SetUp]
    public void Fill()
    {
        gallery = new InMemoryFaceGallery();
        gallery.Add(Collection, Old, [Face(1, 1), Face(2, 2)]);
    }

    [Test]
    public async Task Publish_NewGeneration_OldHandleAnswersOn_NewOneIsOfTheNewModel()
    {
        var old = await OpenAsync(Old);
        var next = gallery.BeginLoading(Collection, New, 1);
        next.Faces.Add([Face(1, 5)]);
        Assert.That((await OpenAsync(New)).Model, Is.EqualTo(Old), "the new generation is not published yet");

        Assert.That(gallery.EndLoading(Collection, next, publish: true), Is.True);

        Assert.That(await IdsAsync(old, 1), Is.EqualTo(new[] { 1L }));
        Assert.That((await OpenAsync(Old)).Model, Is.EqualTo(New));
        Assert.That(await IdsAsync((await OpenAsync(Old)), 5), Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public async Task Add_OfEitherModelWhileLoading_ReachesItsIndexOnly()
    {
        var next = gallery.BeginLoading(Collection, New, 1);

        gallery.Add(Collection, Old, [Face(3, 7)]);
        gallery.Add(Collection, New, [Face(4, 7)]);

        Assert.That(await IdsAsync((await OpenAsync(Old)), 7), Is.EqualTo(new[] { 3L }));
        Assert.That(await IdsAsync(next, 7), Is.EqualTo(new[] { 4L }));
        gallery.EndLoading(Collection, next, publish: true);
        gallery.Add(Collection, Old, [Face(5, 7)]);
        Assert.That(await IdsAsync((await OpenAsync(Old)), 7), Is.EqualTo(new[] { 4L }), "a late one of the old model");
    }

    [Test]
    public async Task EndLoading_NotComplete_KeepsTheOld()
    {
        var next = gallery.BeginLoading(Collection, New, 1);

        Assert.That(gallery.EndLoading(Collection, next, publish: false), Is.False);

        Assert.That(await IdsAsync((await OpenAsync(New)), 1), Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public void EndLoading_CollectionRemovedMeanwhile_StaysRemoved()
    {
        var next = gallery.BeginLoading(Collection, New, 1);
        gallery.RemoveCollection(Collection);

        Assert.That(gallery.EndLoading(Collection, next, publish: true), Is.False);

        Assert.That(gallery.Find(Collection), Is.Null);
    }

    [Test]
    public async Task OpenOnceLoaded_WaitsForTheModel()
    {
        var waiting = gallery.OpenOnceLoadedAsync(Collection, New, CancellationToken.None);
        Assert.That(waiting.IsCompleted, Is.False);

        gallery.EndLoading(Collection, gallery.BeginLoading(Collection, New, 1), publish: true);

        Assert.That((await waiting).Model, Is.EqualTo(New));
        Assert.That((await gallery.OpenOnceLoadedAsync(99, Old, CancellationToken.None)).Model, Is.EqualTo(Old));
    }

    private async Task<IFaceIndex> OpenAsync(string model) => await gallery.OpenAsync(Collection, model, CancellationToken.None);

    private static GalleryFace Face(long id, float place) => new(id, new Embedding([place]));

    private static async Task<long[]> IdsAsync(IFaceIndex index, float place) =>
        [.. (await index.SearchAsync([new Embedding([place])], 10, 0.1f, null, CancellationToken.None))[0].Select(match => match.FaceId)];
}
