using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Detection;

internal enum FaceChoice
{
    All,
    Main,
    None,
}

/// <param name="Embeddings">Of the chosen faces, in the order of the picture's faces.</param>
internal sealed record EncodedPicture(DetectedPicture Picture, IReadOnlyList<Embedding> Embeddings);

internal static class FaceEncoding
{
    /// <summary>Finds the faces and embeds the chosen ones in one step, when a core and memory are free.</summary>
    public static Task<Result<EncodedPicture>> EncodeAsync(
        this IFaceEncoders encoders,
        IFaceEncoder encoder,
        ReadOnlyMemory<byte> picture,
        FaceChoice choice,
        CancellationToken ct) => encoders.EncodeAsync(
            encoder,
            picture,
            found => choice switch
            {
                FaceChoice.All => found.Faces,
                FaceChoice.Main when found.Main is { } main => [main],
                _ => [],
            },
            ct);

    /// <param name="choose">Answers the faces of the picture that are to be embedded.</param>
    public static Task<Result<EncodedPicture>> EncodeAsync(
        this IFaceEncoders encoders,
        IFaceEncoder encoder,
        ReadOnlyMemory<byte> picture,
        Func<DetectedPicture, IReadOnlyList<DetectedFace>> choose,
        CancellationToken ct) =>
        encoders.RunAsync(encoder.Measure(picture), PictureWait.Request, () => Encode(encoder, picture, choose, ct), ct);

    private static Result<EncodedPicture> Encode(
        IFaceEncoder encoder,
        ReadOnlyMemory<byte> picture,
        Func<DetectedPicture, IReadOnlyList<DetectedFace>> choose,
        CancellationToken ct)
    {
        var detected = encoder.Detect(picture, ct);
        if (detected.Error is { } error)
            return error;

        FaceChip[] chips = [.. choose(detected.Value).Select(face => face.Chip)];
        return new EncodedPicture(detected.Value, chips.Length == 0 ? [] : encoder.Embed(chips));
    }
}
