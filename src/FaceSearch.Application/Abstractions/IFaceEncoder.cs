using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Application.Abstractions;

/// <summary>
/// One engine profile: pictures in, embeddings out. Safe to share between threads. Detection and embedding are
/// separate, so a bulk job can detect on every core and embed in batches.
/// </summary>
public interface IFaceEncoder
{
    /// <summary>The model's id in embeddings, collections and answers: <c>mobilefacenet-v1</c>.</summary>
    string Model { get; }

    /// <summary>The model's own distances and thresholds.</summary>
    FaceModelTraits Traits { get; }

    /// <summary>By the header alone; cheap.</summary>
    PictureCost Measure(ReadOnlyMemory<byte> picture);

    /// <summary>
    /// Decodes a picture (JPEG, PNG, WebP, GIF, BMP, by content), turns it upright, finds every face, cuts its
    /// aligned chip and measures its quality. Largest face first. CPU-bound: runs on the calling thread.
    /// </summary>
    /// <returns>
    /// A picture without a face is a success with no faces. Errors: <c>empty-picture</c>, <c>not-a-picture</c>,
    /// <c>damaged-picture</c>, <c>too-many-pixels</c>.
    /// </returns>
    Result<DetectedPicture> Detect(ReadOnlyMemory<byte> picture, CancellationToken ct);

    /// <summary>One embedding per chip, in order. CPU-bound: runs on the calling thread.</summary>
    /// <param name="chips">Chips cut by this same encoder.</param>
    IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips);
}

/// <summary>A decoded picture and its faces, largest first.</summary>
/// <param name="Width">Pixels of the upright picture.</param>
/// <param name="OrientationApplied">True when the EXIF orientation turned or mirrored the picture.</param>
public sealed record DetectedPicture(
    ImageFormat Format, int Width, int Height, bool OrientationApplied, IReadOnlyList<DetectedFace> Faces)
{
    /// <summary>The face that is meant where one is taken (<see cref="MainFace"/>); null in a picture without a face.</summary>
    public DetectedFace? Main =>
        Faces is [] ? null : Faces[MainFace.IndexOf([.. Faces.Select(face => face.Box)], Width, Height)];
}

/// <param name="Box">Inside the picture, and not empty.</param>
public sealed record DetectedFace(
    BoundingBox Box, float Score, FaceLandmarks Landmarks, FaceChip Chip, FaceQuality Quality);

/// <summary>An aligned square crop.</summary>
/// <param name="Size">Pixels of a side.</param>
/// <param name="Rgb">Size * Size pixels, row by row, three bytes each in the order red, green, blue.</param>
public sealed record FaceChip(int Size, byte[] Rgb);

/// <summary>What a picture takes, by its header. Zero for what is refused before it is decoded.</summary>
/// <param name="Pixels">Width times height.</param>
/// <param name="Bytes">The memory of decoding, detection and embedding at their peak, estimated from above.</param>
public readonly record struct PictureCost(long Pixels, long Bytes, long DecodingBytes);
