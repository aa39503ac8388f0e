using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.Tests.VectorIndex.Codes;
using FaceSearch.Infrastructure.VectorIndex.Gallery;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Gallery;

[TestFixture]
internal sealed class InMemoryFaceGalleryTests
{
    private const long Collection = 1;
    private const float Everything = float.PositiveInfinity;

    [Test, Category(InstructionSetTests.Portable)]
    public void Search_AnyK_EqualsThePlainScan(
        [Values(1, 10, 3000, int.MaxValue)] int k, [Values(0.3f, 0.6f, Everything)] float tolerance)
    {
        var (random, faces) = (new Random(7), RandomFaces.Faces(3000, seed: 1));
        for (var id = 10_000; id < 10_200; id++)
            faces.Add(new GalleryFace(id, RandomFaces.Near(random, faces[id % 50].Embedding, 0.2f)));

        var gallery = Gallery(faces);

        foreach (var probe in faces.Take(20).Select(face => face.Embedding))
            AssertSearch(gallery, faces, probe, k, tolerance);
    }

    [Test]
    public void Search_SeveralProbes_EqualsOneByOne()
    {
        var faces = RandomFaces.Faces(70_000, seed: 2);
        var gallery = Gallery(faces);
        var probes = RandomFaces.Faces(5, seed: 3).ConvertAll(face => face.Embedding);

        var together = gallery.Search(Collection, probes, 10, 0.65f);

        for (var i = 0; i < probes.Count; i++)
            Assert.That(together[i], Is.EqualTo(PlainScan.Search(faces, probes[i], 10, 0.65f)));
    }

    [Test, Category(InstructionSetTests.Portable)]
    public void Search_AnyLength_EqualsThePlainScan([Values(1, 3, 16, 100, 512)] int length)
    {
        var faces = RandomFaces.Faces(500, seed: 4, length);

        AssertSearch(Gallery(faces), faces, RandomFaces.Embedding(new Random(5), length), 10, Everything);
    }

    [Test, Category(InstructionSetTests.Portable)]
    public void Search_EqualDistances_AscendById()
    {
        var twin = RandomFaces.Embedding(new Random(1));
        var gallery = Gallery(new long[] { 5, 2, 9, 1 }.Select(id => new GalleryFace(id, twin)));

        var found = gallery.Search(Collection, [twin], 3, 0.6f)[0];

        Assert.That(found.Select(match => match.FaceId), Is.EqualTo(new long[] { 1, 2, 5 }));
    }

    [Test]
    public void Search_ToleranceZero_FindsTheFaceItself()
    {
        var faces = RandomFaces.Faces(100, seed: 6);

        var found = Gallery(faces).Search(Collection, [faces[40].Embedding], 10, 0)[0];

        Assert.That(found, Is.EqualTo(new[] { new FaceMatch(faces[40].FaceId, 0) }));
    }

    [Test]
    public void Search_AtExactlyTheTolerance_Matches()
    {
        var gallery = Gallery([new GalleryFace(1, new Embedding([3, 4]))]);
        Embedding[] probe = [new Embedding([0, 0])];

        Assert.That(gallery.Search(Collection, probe, 1, 5)[0], Has.Count.EqualTo(1));
        Assert.That(gallery.Search(Collection, probe, 1, MathF.BitDecrement(5))[0], Is.Empty);
    }

    [Test]
    public void Search_EmptyOrUnknownCollection_AnswersEmptyLists()
    {
        var gallery = Gallery([]);
        Embedding[] probes = [new Embedding([1]), new Embedding([2])];

        Assert.That(gallery.Search(Collection, probes, 1, 1), Is.EqualTo(new[] { Array.Empty<FaceMatch>(), [] }));
        Assert.That(gallery.Search(99, probes, 1, 1), Is.EqualTo(new[] { Array.Empty<FaceMatch>(), [] }));
        Assert.That(gallery.Search(99, [], 1, 1), Is.Empty);
    }

    [Test]
    public void Search_BadArguments_AreRefused()
    {
        var gallery = Gallery(RandomFaces.Faces(3, seed: 1));
        var probe = RandomFaces.Embedding(new Random(1));

        Assert.That(() => gallery.Search(Collection, [probe], 0, 1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => gallery.Search(Collection, [probe], 1, -1), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => gallery.Search(Collection, [probe], 1, float.NaN), Throws.InstanceOf<ArgumentException>());
        Assert.That(
            () => gallery.Search(Collection, [probe, new Embedding([1])], 1, 1), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void Add_WrongLength_IsRefusedWhole()
    {
        var gallery = Gallery(RandomFaces.Faces(3, seed: 1));
        GalleryFace[] faces =
            [new(10, RandomFaces.Embedding(new Random(1))), new(11, new Embedding([1, 2]))];

        Assert.That(() => gallery.Add(Collection, faces), Throws.InstanceOf<ArgumentException>());
        Assert.That(
            gallery.Search(Collection, [faces[0].Embedding], int.MaxValue, Everything)[0], Has.Count.EqualTo(3));
    }

    [Test]
    public void Add_FaceThatIsThere_LeavesItAsItIs()
    {
        var gallery = Gallery([new GalleryFace(1, new Embedding([1]))]);

        gallery.Add(Collection, [new GalleryFace(1, new Embedding([9]))]);

        Assert.That(
            gallery.Search(Collection, [new Embedding([1])], 5, Everything)[0],
            Is.EqualTo(new[] { new FaceMatch(1, 0) }));
    }

    [Test]
    public void Search_WhileAdding_SeesWholeBatchesInOrder()
    {
        const int Batches = 300, BatchSize = 17;
        var batches = RandomFaces.Faces(Batches * BatchSize, seed: 8).Chunk(BatchSize).ToArray();
        var gallery = Gallery([]);
        var probe = RandomFaces.Embedding(new Random(9));
        var adding = Task.Run(() => Array.ForEach(batches, batch => gallery.Add(Collection, batch)));

        var seen = 0;
        while (seen < Batches * BatchSize && !adding.IsFaulted)
        {
            var ids = gallery.Search(Collection, [probe], int.MaxValue, Everything)[0].Select(match => match.FaceId);
            var sorted = ids.Order().ToArray();

            Assert.That(sorted.Length % BatchSize, Is.Zero);
            Assert.That(sorted, Has.Length.GreaterThanOrEqualTo(seen));
            Assert.That(sorted, Is.EqualTo(Enumerable.Range(1, sorted.Length)));
            seen = sorted.Length;
        }

        adding.GetAwaiter().GetResult();
        AssertSearch(gallery, batches.SelectMany(batch => batch).ToList(), probe, 10, 0.6f);
    }

    [Test]
    public void Remove_ThroughTheGallery_ReachesTheCollection()
    {
        var faces = RandomFaces.Faces(20, seed: 10);
        var gallery = Gallery(faces);

        gallery.Remove(Collection, [faces[0].FaceId]);
        gallery.Remove(99, [1]);

        Assert.That(gallery.Search(Collection, [faces[0].Embedding], 5, 0)[0], Is.Empty);

        gallery.RemoveCollection(Collection);
        Assert.That(gallery.Search(Collection, [faces[0].Embedding], 5, Everything)[0], Is.Empty);
    }

    [Test]
    public void IsReady_OnlyOnceMarked()
    {
        var gallery = new InMemoryFaceGallery();
        Assert.That(gallery.IsReady, Is.False);

        gallery.MarkReady();
        Assert.That(gallery.IsReady, Is.True);
    }

    private static void AssertSearch(
        InMemoryFaceGallery gallery, List<GalleryFace> faces, Embedding probe, int k, float tolerance) => Assert.That(
        gallery.Search(Collection, [probe], k, tolerance)[0],
        Is.EqualTo(PlainScan.Search(faces, probe, k, tolerance)));

    private static InMemoryFaceGallery Gallery(IEnumerable<GalleryFace> faces)
    {
        var gallery = new InMemoryFaceGallery();
        gallery.Add(Collection, faces.ToList());
        return gallery;
    }
}
