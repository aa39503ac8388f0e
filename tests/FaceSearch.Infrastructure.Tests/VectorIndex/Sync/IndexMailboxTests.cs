using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Sync;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Sync;

[TestFixture]
internal sealed class IndexMailboxTests
{
    private const string Model = "model-a";
    private const string Next = "model-b";

    private readonly FakeTimeProvider time = new();
    private readonly Collection collection = new() { Name = "c", Model = Next, CreatedAt = DateTime.UnixEpoch };
    private InMemoryFaceGallery gallery;
    private SetAsideFaces setAside;
    private IndexMailbox mailbox;

    [SetUp]
    public void Open()
    {
        gallery = new InMemoryFaceGallery();
        setAside = new SetAsideFaces(NullLogger<SetAsideFaces>.Instance);
        mailbox = new IndexMailbox(gallery, setAside, time);
    }

    [TearDown]
    public async Task CloseAsync() => await mailbox.DisposeAsync();

    /// <summary>Its publisher is late: the face was committed, and removed by another request, before it was added.</summary>
    [Test, Category("Fault-C2")]
    public async Task Add_AfterItsRemoval_StaysOut()
    {
        await mailbox.RemoveAsync(0, [1]);

        await mailbox.AddAsync(0, Model, [Face(1), Face(2)]);

        Assert.That(Indexed(), Is.EqualTo(new[] { 2L }));
    }

    [Test, Category("Fault-C2")]
    public async Task Fill_WithRowsThatWereRemovedMeanwhile_LeavesThemOut_HoweverLongItLoads()
    {
        var next = await mailbox.BeginLoadingAsync(collection);
        await mailbox.RemoveAsync(0, [1]);
        time.Advance(RemovedFaces.Retention * 2);
        await mailbox.AddAsync(1, Model, [Face(9)]);

        await mailbox.FillAsync(0, next, [Face(1), Face(2)]);

        Assert.That(await mailbox.EndLoadingAsync(0, next, publish: true), Is.True);
        Assert.That(Indexed(), Is.EqualTo(new[] { 2L }));
    }

    [Test]
    public async Task Remove_LongAgo_IsForgotten()
    {
        await mailbox.RemoveAsync(0, [1]);
        time.Advance(RemovedFaces.Retention * 2);

        await mailbox.AddAsync(0, Model, [Face(1)]);

        Assert.That(Indexed(), Is.EqualTo(new[] { 1L }));
    }

    /// <summary>A restored database has no row for the id, and then assigns it again.</summary>
    [Test, Category("Fault-C1")]
    public async Task Add_AfterARemovalThatMayReturn_IsIndexed()
    {
        await mailbox.AddAsync(0, Model, [Face(1), Face(2)]);
        await mailbox.RemoveAsync(0, [1], mayReturn: true);
        Assert.That(Indexed(), Is.EqualTo(new[] { 2L }));

        await mailbox.AddAsync(0, Model, [Face(1)]);

        Assert.That(Indexed(), Is.EqualTo(new[] { 1L, 2L }));
    }

    [Test]
    public async Task Add_MarksTheIdsAsSeen()
    {
        mailbox.SeenFaces.StartAt(4);

        await mailbox.AddAsync(0, Model, [Face(5), Face(8)]);

        Assert.That(mailbox.SeenFaces.Unseen().Last, Is.EqualTo(8));
        Assert.That(mailbox.SeenFaces.Unseen().Gaps, Is.EqualTo(new[] { new IdRange(6, 7) }));
    }

    [Test, Category("Fault-A3")]
    public async Task Add_ADamagedFace_SetsItAsideAndAddsTheOthers()
    {
        await mailbox.AddAsync(0, Model, [Face(1), new GalleryFace(2, new Embedding(new float[64])), Face(3)]);

        Assert.That(Indexed(), Is.EqualTo(new[] { 1L, 3L }));
        Assert.That(setAside.Contains(2), Is.True);

        await mailbox.RemoveCollectionAsync(0);
        Assert.That(setAside.Count, Is.Zero);
    }

    [Test]
    public async Task Change_ThatThrows_IsRethrownAndTheNextOnesAreApplied()
    {
        var broken = new GalleryIndex(Model, 0, new FlatIndex());
        broken.Faces.Add([new GalleryFace(1, new Embedding([1]))]);

        Assert.That(() => mailbox.FillAsync(0, broken, [Face(2)]), Throws.ArgumentException);
        await mailbox.AddAsync(0, Model, [Face(3)]);

        Assert.That(Indexed(), Is.EqualTo(new[] { 3L }));
    }

    private long[] Indexed() => IndexedFaces.Capture(gallery.Find(0)!.Faces).Within(new IdRange(0, long.MaxValue)).ToArray();

    private static GalleryFace Face(long id) => new(id, new Embedding(new float[Embedding.StandardLength]));
}
