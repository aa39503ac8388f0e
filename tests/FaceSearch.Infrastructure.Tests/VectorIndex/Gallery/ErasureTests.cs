using System.Reflection;
using System.Runtime.InteropServices;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Codes;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Scan;
using FaceSearch.Infrastructure.VectorIndex.Segments;
using FaceSearch.Infrastructure.VectorIndex.Snapshots;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Gallery;

/// <summary>The bytes that the index still has of removed faces.</summary>
[TestFixture]
internal sealed class ErasureTests
{
    private const float Everything = float.PositiveInfinity;

    private string folder;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("facesearch-test-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase(1, 0)]
    [TestCase(2, 0)]
    [TestCase(3, 2)]
    [TestCase(1000, 1)]
    [TestCase(1000, 0, Description = "the segment's mean was this one face")]
    [TestCase(5000, 17)]
    [TestCase(Segment.MaxCapacity + 10, Segment.MaxCapacity + 3)]
    public void Remove_OneFace_LeavesNeitherFloatsNorCodes(int count, int gone)
    {
        var faces = RandomFaces.Faces(count, seed: 1);
        var index = new FlatIndex();
        index.Add([faces[0]]);
        index.Add(faces);
        Assert.That(Holds(index, faces[gone].Embedding), Is.True);

        index.Remove([faces[gone].FaceId]);

        Assert.That(Holds(index, faces[gone].Embedding), Is.False);
        Assert.That(CodesOf(index, faces[gone].FaceId), Is.All.Zero);
        AssertSearch(index, faces.Where((_, i) => i != gone), faces[gone].Embedding);
    }

    [Test]
    public void Remove_LastFaceThenAnother_ErasesTheMean()
    {
        var faces = RandomFaces.Faces(2, seed: 2);
        var index = new FlatIndex();
        index.Add([faces[0]]);
        index.Remove([faces[0].FaceId]);
        index.Add([faces[1]]);

        SnapshotFile.Write(Path.Combine(folder, "x"), index, default);

        Assert.That(Holds(index, faces[0].Embedding), Is.False);
        Assert.That(Contains(File.ReadAllBytes(Path.Combine(folder, "x")), faces[0].Embedding), Is.False);
        AssertSearch(index, [faces[1]], faces[0].Embedding);
    }

    [TestCase(700)]
    [TestCase(5000)]
    public void Remove_FromAMappedSnapshot_LeavesNothingInMemoryAndTheFileAlone(int count)
    {
        var faces = RandomFaces.Faces(count, seed: 3);
        var path = Path.Combine(folder, "x");
        var written = new FlatIndex();
        written.Add(faces);
        SnapshotFile.Write(path, written, default);
        var before = File.ReadAllBytes(path);
        var index = SnapshotFile.Open(path, out _)!;

        index.Remove([faces[7].FaceId]);

        Assert.That(Holds(index, faces[7].Embedding), Is.False);
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before), "other processes search the same file");
        AssertSearch(index, faces.Where((_, i) => i != 7), faces[7].Embedding);
    }

    [Test]
    public void Remove_InTheMiddleOfASearch_ItFindsTheWholeFaceOrNone()
    {
        var faces = RandomFaces.Faces(5000, seed: 7);
        var index = new FlatIndex { Threads = 1 };
        index.Add(faces);
        var probe = faces[0].Embedding;
        var removed = false;
        FacePredicate removeAtTheFirst = (_, _) =>
        {
            if (!removed)
                index.Remove([.. faces.TakeLast(100).Select(face => face.FaceId)]);
            return removed = true;
        };

        var found = index.Search([probe], int.MaxValue, Everything, removeAtTheFirst)[0];

        Assert.That(found, Is.EqualTo(PlainScan.Search(faces.SkipLast(100), probe, int.MaxValue, Everything)));
    }

    [Test]
    public void Remove_WhileOthersSearch_TheyFindTheWholeFaceOrNone()
    {
        var faces = RandomFaces.Faces(3000, seed: 6);
        var index = new FlatIndex();
        index.Add(faces);
        var kept = faces.Where(face => face.FaceId % 2 == 0).ToList();
        using var stop = new CancellationTokenSource();
        var removing = Task.Run(() =>
        {
            foreach (var face in faces.Where(face => face.FaceId % 2 != 0))
                index.Remove([face.FaceId]);
            stop.Cancel();
        });

        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var probe = faces[i % faces.Count].Embedding;
            var found = index.Search([probe], int.MaxValue, Everything)[0];
            var all = PlainScan.Search(faces, probe, int.MaxValue, Everything).ToDictionary(match => match.FaceId, match => match.Distance);
            Assert.That(found.Count(match => match.FaceId % 2 == 0), Is.EqualTo(kept.Count));
            foreach (var match in found)
                Assert.That(match.Distance, Is.EqualTo(all[match.FaceId]));
        }

        removing.GetAwaiter().GetResult();
        AssertSearch(index, kept, faces[0].Embedding);
    }

    private static void AssertSearch(FlatIndex index, IEnumerable<GalleryFace> faces, Embedding probe) => Assert.That(
        index.Search([probe], 20, Everything)[0], Is.EqualTo(PlainScan.Search(faces, probe, 20, Everything)));

    /// <summary>Whether any four neighbouring floats of the embedding are in the index's memory.</summary>
    private static bool Holds(FlatIndex index, Embedding embedding) => ViewsOf(index).Any(view =>
        Contains(MemoryMarshal.AsBytes(view.Segment.Rows(view.Count)), embedding)
        || Contains(MemoryMarshal.AsBytes<float>(view.Segment.Centre), embedding));

    private static bool Contains(ReadOnlySpan<byte> memory, Embedding embedding)
    {
        for (var i = 0; i < embedding.Length; i += 4)
        {
            if (memory.IndexOf(MemoryMarshal.AsBytes(embedding.Values.Slice(i, 4))) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>The bytes of the face's codes; empty when its row is deleted.</summary>
    private static IEnumerable<byte> CodesOf(FlatIndex index, long faceId)
    {
        foreach (var view in ViewsOf(index))
        {
            var row = view.Segment.FaceIds[..view.Count].IndexOf(faceId);
            for (var group = 0; row >= 0 && group < 128 / CodeBlock.GroupDimensions; group++)
            {
                var block = row / CodeBlock.Rows * CodeBlock.Bytes(128) + group * CodeBlock.GroupBytes + row % CodeBlock.Rows * 4;
                for (var i = 0; i < 4; i++)
                    yield return view.Segment.Blocks(view.Count)[block + i];
            }
        }
    }

    private static List<SegmentView> ViewsOf(FlatIndex index) =>
        (List<SegmentView>)typeof(FlatIndex).GetField("segments", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(index)!;
}
