using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.ProfileBenchmarks;

/// <summary>The main face of a picture, and its embedding by a profile.</summary>
internal static class MainFaces
{
    private static readonly ParallelOptions EachCore = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    /// <summary>
    /// The face with the largest area - 2 (distance of the box's centre from the picture's centre)^2, in pixels.
    /// </summary>
    /// <returns>Null without a face.</returns>
    public static DetectedFace? Find(DetectedPicture picture) => picture.Faces.MaxBy(face =>
    {
        var dx = face.Box.X + (face.Box.Width / 2.0) - (picture.Width / 2.0);
        var dy = face.Box.Y + (face.Box.Height / 2.0) - (picture.Height / 2.0);
        return ((double)face.Box.Width * face.Box.Height) - (2 * ((dx * dx) + (dy * dy)));
    });

    /// <summary>The embedding of each picture by its path; pictures without a face are left out.</summary>
    public static IReadOnlyDictionary<string, Embedding> Embed(
        IFaceEncoder encoder, string folder, IEnumerable<string> pictures)
    {
        var embeddings = new ConcurrentDictionary<string, Embedding>(StringComparer.Ordinal);
        Parallel.ForEach(pictures, EachCore, picture =>
        {
            if (Embed(encoder, File.ReadAllBytes(Path.Combine(folder, picture))) is { } embedding)
                embeddings[picture] = embedding;
        });
        return embeddings;
    }

    /// <summary>From decoding to the embedding of the main face; null without a face.</summary>
    public static Embedding? Embed(IFaceEncoder encoder, byte[] picture) =>
        Find(encoder.Detect(picture, CancellationToken.None).Value) is { } face ? encoder.Embed([face.Chip])[0] : null;
}
