using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.Tests.VectorIndex.Codes;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Scan;
using FaceSearch.Infrastructure.VectorIndex.Segments;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Gallery;

[TestFixture]
internal sealed class FlatIndexTests
{
    private const float Everything = float.PositiveInfinity;

    [Test, Category(InstructionSetTests.Portable)]
    public void Remove_MostFaces_LeavesTheOthersToBeFound()
    {
        var faces = RandomFaces.Faces(5000, seed: 1);
        var index = Filled(faces);
        var gone = faces.Where(face => face.FaceId % 7 != 0).Select(face => face.FaceId).ToArray();
        foreach (var some in gone.Chunk(300))
            index.Remove(some);

        index.Remove([-1, gone[0]]);

        var left = faces.Where(face => face.FaceId % 7 == 0).ToList();
        Assert.That(index.Count, Is.EqualTo(left.Count));
        AssertSearch(index, left, faces[0].Embedding, 10);
        AssertSearch(index, left, faces[6].Embedding, int.MaxValue);
    }

    [Test]
    public void Remove_AllThenAdd_StartsAgain()
    {
        var faces = RandomFaces.Faces(2000, seed: 2);
        var index = Filled(faces);
        index.Remove(faces.ConvertAll(face => face.FaceId));
        Assert.That(index.Search([faces[0].Embedding], 5, Everything)[0], Is.Empty);

        index.Add(faces);
        AssertSearch(index, faces, faces[3].Embedding, 20);
    }

    [Test, Category("Fault-A14")]
    public void Capacity_FollowsTheFaces([Values(1, 17, 200, 1500)] int count)
    {
        var faces = RandomFaces.Faces(count, seed: 8);
        var index = new FlatIndex();
        foreach (var face in faces)
            index.Add([face]);

        Assert.That(index.Capture().Segments.Sum(view => view.Segment.Capacity), Is.LessThan(2 * count + 16));
        AssertSearch(index, faces, faces[0].Embedding, 10);
    }

    [Test]
    public void Remove_ManyTimesOver_ReclaimsTheRows()
    {
        var index = Filled(RandomFaces.Faces(1000, seed: 3));
        var random = new Random(4);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 40; round++)
        {
            var faces = Enumerable.Range(0, 1000)
                .Select(i => new GalleryFace(10_000 * (round + 1) + i, RandomFaces.Embedding(random)))
                .ToArray();
            index.Add(faces);
            index.Remove(Array.ConvertAll(faces, face => face.FaceId));
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(grown, Is.LessThan(40 * 1000 * 512 / 4), "bytes; the floats of all that was removed are 20 MB");
        GC.KeepAlive(index);
    }

    [Test]
    public void Search_AcrossSegmentsAndThreads_EqualsThePlainScan()
    {
        var faces = RandomFaces.Faces(3 * Segment.MaxCapacity + 100, seed: 7);
        var index = Filled(faces);
        index.Remove(faces.Where(face => face.FaceId % 3 == 0).Select(face => face.FaceId).ToArray());
        var left = faces.Where(face => face.FaceId % 3 != 0).ToList();
        var probes = RandomFaces.Faces(4, seed: 8).ConvertAll(face => face.Embedding);
        index.Threads = 4;

        var found = index.Search(probes, 10, Everything);

        for (var i = 0; i < probes.Count; i++)
            Assert.That(found[i], Is.EqualTo(PlainScan.Search(left, probes[i], 10, Everything)));
    }

    [Test]
    public void Search_FilterPerProbe_IsAppliedBeforeTheTopK()
    {
        var faces = RandomFaces.Faces(2000, seed: 9);
        var index = Filled(faces);
        Embedding[] probes = [faces[0].Embedding, faces[1].Embedding];
        FacePredicate filter = (probe, faceId) => faceId % 2 == probe;

        var found = index.Search(probes, 10, Everything, filter);

        for (var probe = 0; probe < 2; probe++)
        {
            var admitted = faces.Where(face => face.FaceId % 2 == probe);
            Assert.That(found[probe], Is.EqualTo(PlainScan.Search(admitted, probes[probe], 10, Everything)));
        }
    }

    [Test]
    public void Search_FilterThatThrows_PassesItOnAndGoesOnWorking()
    {
        var faces = RandomFaces.Faces(100, seed: 10);
        var index = Filled(faces);

        Assert.That(
            () => index.Search([faces[0].Embedding], 1, Everything, (_, _) => throw new NotSupportedException()),
            Throws.InstanceOf<NotSupportedException>());
        AssertSearch(index, faces, faces[0].Embedding, 5);
    }

    [Test]
    public void Search_ManyCallersAtOnce_AnswersEachItsOwn()
    {
        const int Callers = 8;
        var faces = RandomFaces.Faces(3000, seed: 15);
        var index = Filled(faces);
        index.Threads = 1;
        var answers = new ConcurrentQueue<(int Number, IReadOnlyList<IReadOnlyList<FaceMatch>> Found)>();
        using var together = new Barrier(Callers);
        Task.WaitAll(Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
            () =>
            {
                for (var number = caller; number < 25 * Callers; number += Callers)
                {
                    together.SignalAndWait();
                    answers.Enqueue((number, Ask(index, faces, number)));
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.That(answers, Has.Count.EqualTo(25 * Callers));
        foreach (var (number, found) in answers)
        {
            var admitted = faces.Where(face => number % 3 != 0 || face.FaceId % 2 == 0).ToList();
            for (var probe = 0; probe < found.Count; probe++)
            {
                Assert.That(found[probe], Is.EqualTo(PlainScan.Search(
                    admitted, faces[number + probe].Embedding, 1 + number % 20, number % 2 == 0 ? Everything : 0.65f)));
            }
        }
    }

    [Test]
    public async Task Search_WhileThePassIsTaken_WaitsAndSharesTheNext_FailingAlone()
    {
        var faces = RandomFaces.Faces(100, seed: 16);
        var index = Filled(faces);
        index.Threads = 1;
        using var inside = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var first = Task.Factory.StartNew(
            () => index.Search([faces[0].Embedding], 1, Everything, (_, _) => Hold(inside, goOn)), TaskCreationOptions.LongRunning);
        inside.Wait();
        var broken = index.SearchAsync(
            [faces[1].Embedding], 1, Everything, (_, _) => throw new NotSupportedException()).AsTask();
        var sound = index.SearchAsync([faces[2].Embedding], 5, Everything).AsTask();
        var wrong = index.SearchAsync([new Embedding([1f, 2f])], 5, Everything).AsTask();
        Assert.That((broken.IsCompleted, sound.IsCompleted, wrong.IsCompleted), Is.EqualTo((false, false, false)));
        goOn.Set();

        Assert.That((await first)[0], Has.Count.EqualTo(1));
        Assert.That(async () => await broken, Throws.InstanceOf<NotSupportedException>());
        Assert.That(async () => await wrong, Throws.ArgumentException);
        Assert.That((await sound)[0], Is.EqualTo(PlainScan.Search(faces, faces[2].Embedding, 5, Everything)));
    }

    [Test]
    public void Search_Again_AllocatesOnlyItsAnswer()
    {
        var faces = RandomFaces.Faces(5000, seed: 11);
        var index = Filled(faces);
        Embedding[] probes = [faces[0].Embedding];
        for (var i = 0; i < 50; i++)
            index.Search(probes, 10, Everything);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var search = index.SearchAsync(probes, 10, Everything);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var answer = search.IsCompletedSuccessfully ? search.Result[0] : [];
        Assert.That(answer, Has.Count.EqualTo(10));
        Assert.That(allocated, Is.LessThanOrEqualTo(10 * 16 + 2 * 32), "bytes: ten matches and two array headers");
    }

    [Test]
    public void Search_WhileFacesComeAndGo_AnswersOneOfTheStatesInBetween()
    {
        const int Changes = 400;
        var states = States(Changes, out var steps);
        var index = Filled(states[0]);
        index.Threads = 2;
        var probe = RandomFaces.Embedding(new Random(12));
        var (begun, done) = (0, 0);
        var changing = Task.Run(() =>
        {
            for (var i = 0; i < Changes; i++)
            {
                Volatile.Write(ref begun, i + 1);
                steps[i](index);
                Volatile.Write(ref done, i + 1);
            }
        });

        var searches = 0;
        while (!changing.IsCompleted || searches < 10)
        {
            var first = Volatile.Read(ref done);
            var found = index.Search([probe], 15, Everything)[0];
            var last = Volatile.Read(ref begun);

            var possible = Enumerable.Range(first, last - first + 1);
            Assert.That(
                possible.Any(state => found.SequenceEqual(PlainScan.Search(states[state], probe, 15, Everything))), Is.True);
            searches++;
        }

        Assert.That(changing.IsCompletedSuccessfully, Is.True);
        AssertSearch(index, states[^1], probe, int.MaxValue);
    }

    /// <summary>The contents after every change, and the changes: adds and removes by turns.</summary>
    private static List<GalleryFace>[] States(int changes, out Action<FlatIndex>[] steps)
    {
        var random = new Random(13);
        var states = new List<List<GalleryFace>> { RandomFaces.Faces(1000, seed: 14) };
        steps = new Action<FlatIndex>[changes];
        for (var i = 0; i < changes; i++)
        {
            var last = states[^1];
            var some = Enumerable.Range(0, 5).Select(_ => last[random.Next(last.Count)].FaceId).Distinct().ToArray();
            GalleryFace[] fresh = [.. Enumerable.Range(0, 4).Select(j => Face(10_000 + 4 * i + j))];
            List<GalleryFace> without = [.. last.Where(face => !some.Contains(face.FaceId))];
            steps[i] = i % 2 == 0 ? index => index.Add(fresh) : index => index.Remove(some);
            states.Add(i % 2 == 0 ? [.. last, .. fresh] : without);
        }

        return [.. states];

        GalleryFace Face(long id) => new(id, RandomFaces.Embedding(random));
    }

    /// <summary>One or two probes, any k, with and without a tolerance and a filter by turns.</summary>
    private static IReadOnlyList<IReadOnlyList<FaceMatch>> Ask(FlatIndex index, List<GalleryFace> faces, int number)
    {
        var probes = faces.Skip(number).Take(1 + number % 2).Select(face => face.Embedding).ToArray();
        FacePredicate? even = number % 3 == 0 ? (_, faceId) => faceId % 2 == 0 : null;
        return index.Search(probes, 1 + number % 20, number % 2 == 0 ? Everything : 0.65f, even);
    }

    private static bool Hold(ManualResetEventSlim inside, ManualResetEventSlim goOn)
    {
        inside.Set();
        goOn.Wait();
        return true;
    }

    private static void AssertSearch(FlatIndex index, List<GalleryFace> faces, Embedding probe, int k) => Assert.That(
        index.Search([probe], k, Everything)[0], Is.EqualTo(PlainScan.Search(faces, probe, k, Everything)));

    private static FlatIndex Filled(IReadOnlyList<GalleryFace> faces)
    {
        var index = new FlatIndex();
        index.Add(faces);
        return index;
    }
}
