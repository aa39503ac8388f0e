using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Codes;

namespace FaceSearch.Infrastructure.Tests.VectorIndex.Gallery;

/// <summary>The slow reference: every distance by the scalar path, then a full sort.</summary>
internal static class PlainScan
{
    public static FaceMatch[] Search(IEnumerable<GalleryFace> faces, Embedding probe, int k, float tolerance) => faces
        .Select(face => (face.FaceId, Distance: Distance(probe, face.Embedding)))
        .Where(face => face.Distance <= (double)tolerance * tolerance)
        .OrderBy(face => face.Distance).ThenBy(face => face.FaceId)
        .Take(k)
        .Select(face => new FaceMatch(face.FaceId, (float)Math.Sqrt(face.Distance)))
        .ToArray();

    private static double Distance(Embedding a, Embedding b) => SquaredDistance.ByScalar(Pad(a), Pad(b));

    private static float[] Pad(Embedding embedding)
    {
        var padded = new float[SquaredDistance.Padded(embedding.Length)];
        embedding.Values.CopyTo(padded);
        return padded;
    }
}
