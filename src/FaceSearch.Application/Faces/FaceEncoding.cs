using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Faces;

internal enum FaceChoice
{
    All,
    Largest,
}

/// <param name="Embeddings">Of the chosen faces, in the order of the picture's faces.</param>
internal sealed record EncodedPicture(DetectedPicture Picture, IReadOnlyList<Embedding> Embeddings);

internal static class FaceEncoding
{
    /// <summary>Finds the faces and embeds the chosen ones in one go, when a core is free.</summary>
    public static Task<Result<EncodedPicture>> EncodeAsync(
        this IFaceEncoders encoders,
        IFaceEncoder encoder,
        ReadOnlyMemory<byte> picture,
        FaceChoice choice,
        CancellationToken ct) =>
        encoders.RunAsync(() => Encode(encoder, picture, choice, ct), ct);

    private static Result<EncodedPicture> Encode(
        IFaceEncoder encoder, ReadOnlyMemory<byte> picture, FaceChoice choice, CancellationToken ct)
    {
        var detected = encoder.Detect(picture, ct);
        if (detected.Error is { } error)
            return error;

        var faces = detected.Value.Faces;
        var chosen = choice == FaceChoice.All ? faces : faces.Take(1);
        return new EncodedPicture(detected.Value, encoder.Embed([.. chosen.Select(face => face.Chip)]));
    }
}
