using System.IO.Hashing;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.Tests.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using FaceSearch.Infrastructure.VectorIndex.Snapshots;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Snapshots;

[TestFixture]
internal sealed class SnapshotFileTests
{
    private const float Everything = float.PositiveInfinity;

    private static readonly SnapshotStamp Stamp = new(42);

    private readonly List<GalleryFace> faces = RandomFaces.Faces(3000, seed: 1, length: 100);
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("facesearch-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    private string File => Path.Combine(folder, "gallery");

    [Test]
    public void Open_WhatWasSaved_AnswersAsBefore()
    {
        Saved();

        var opened = SnapshotFile.Open(File, out var stamp);

        Assert.That(stamp, Is.EqualTo(Stamp));
        Assert.That(opened!.Count, Is.EqualTo(2500));
        AssertSearch(opened, [.. faces.Skip(500)]);
    }

    [Test]
    public void Open_ThenChange_KeepsTheOldFacesAndTheNew()
    {
        Saved();
        var opened = SnapshotFile.Open(File, out _)!;
        var fresh = RandomFaces.Faces(3010, seed: 2, length: 100).Skip(3000).ToArray();

        opened.Remove([1000, 2000]);
        opened.Add(fresh);

        AssertSearch(opened, [.. faces.Skip(500).Where(face => face.FaceId is not (1000 or 2000)), .. fresh]);
    }

    [Test]
    public void Save_OverAMappedSnapshot_LeavesItsReadersAlone()
    {
        Saved();
        var opened = SnapshotFile.Open(File, out _)!;

        SnapshotFile.Write(File, opened, new SnapshotStamp(50));

        AssertSearch(opened, [.. faces.Skip(500)]);
        Assert.That(SnapshotFile.Open(File, out var stamp)!.Count, Is.EqualTo(2500));
        Assert.That(stamp, Is.EqualTo(new SnapshotStamp(50)));
        Assert.That(Directory.GetFiles(folder), Is.EqualTo(new[] { File }));
    }

    [Test]
    public void Open_AnyByteChanged_IsNoticed()
    {
        Saved();
        var bytes = System.IO.File.ReadAllBytes(File);
        var random = new Random(3);
        int[] places = [0, 9, 12, 16, 24, 32, 40, 50, .. Enumerable.Range(0, 40).Select(_ => random.Next(4096, bytes.Length))];
        foreach (var place in places)
        {
            var damaged = bytes.ToArray();
            damaged[place] ^= 1;
            System.IO.File.WriteAllBytes(File, damaged);

            Assert.That(SnapshotFile.Open(File, out _), Is.Null, $"byte {place}");
        }
    }

    [Test]
    public void Open_UndamagedFileOfAnOlderVersion_IsNotRead([Values(2, 3)] int version)
    {
        const int HeaderLength = 48;
        Saved();
        var bytes = System.IO.File.ReadAllBytes(File);
        var checksum = bytes.AsSpan(HeaderLength - sizeof(ulong), sizeof(ulong));
        bytes[8] = (byte)version;
        checksum.Clear();
        BitConverter.TryWriteBytes(checksum, XxHash3.HashToUInt64(bytes.AsSpan(0, HeaderLength)));
        System.IO.File.WriteAllBytes(File, bytes);

        Assert.That(SnapshotFile.Open(File, out _), version == 3 ? Is.Not.Null : Is.Null);
    }

    [Test]
    public void Open_CutShortOrMissing_IsNoticed()
    {
        Saved();
        var bytes = System.IO.File.ReadAllBytes(File);
        foreach (var length in new[] { 0, 10, 60, 100, 5000, bytes.Length - 1 })
        {
            System.IO.File.WriteAllBytes(File, bytes[..length]);
            Assert.That(SnapshotFile.Open(File, out _), Is.Null, $"{length} bytes");
        }

        System.IO.File.Delete(File);
        Assert.That(SnapshotFile.Open(File, out _), Is.Null);
    }

    [Test]
    public void Save_EmptyIndex_OpensEmpty()
    {
        SnapshotFile.Write(File, new FlatIndex(), Stamp);

        Assert.That(SnapshotFile.Open(File, out var stamp)!.Count, Is.Zero);
        Assert.That(stamp, Is.EqualTo(Stamp));
    }

    private void Saved()
    {
        var index = new FlatIndex();
        index.Add(faces);
        index.Remove([.. faces.Take(500).Select(face => face.FaceId)]);
        SnapshotFile.Write(File, index, Stamp);
    }

    private static void AssertSearch(FlatIndex index, List<GalleryFace> expected)
    {
        var probe = expected[77].Embedding;
        Assert.That(
            index.Search([probe], int.MaxValue, Everything)[0],
            Is.EqualTo(PlainScan.Search(expected, probe, int.MaxValue, Everything)));
    }
}
