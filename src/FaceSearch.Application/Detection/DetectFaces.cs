using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;
using Mediator;

namespace FaceSearch.Application.Detection;

/// <summary>Finds the faces of a picture and measures their quality; nothing is stored.</summary>
/// <param name="Profile">An engine profile's name or a model's id; the server's own without it.</param>
/// <param name="Quality">The level that the reasons are given for.</param>
public sealed record DetectFacesQuery(
    ReadOnlyMemory<byte> Picture, string? Profile, QualityLevel Quality, bool WithEmbeddings)
    : IQuery<Result<DetectFacesResult>>;

/// <param name="Faces">Largest first; empty when the picture has none.</param>
public sealed record DetectFacesResult(DetectedPicture Picture, string Model, IReadOnlyList<JudgedFace> Faces);

/// <param name="Reasons">Why the face is not good enough for the level; empty when it is.</param>
/// <param name="Embedding">Only when it was asked for.</param>
public sealed record JudgedFace(DetectedFace Face, IReadOnlyList<RefusalReason> Reasons, Embedding? Embedding);

internal sealed class DetectFacesHandler(IFaceEncoders encoders) : IQueryHandler<DetectFacesQuery, Result<DetectFacesResult>>
{
    public async ValueTask<Result<DetectFacesResult>> Handle(DetectFacesQuery query, CancellationToken cancellationToken)
    {
        var encoder = encoders.Default;
        if (query.Profile is { } profile && !encoders.TryGetProfile(profile, out encoder))
            return CommonErrors.UnknownProfile(profile);

        var choice = query.WithEmbeddings ? FaceChoice.All : FaceChoice.None;
        var encoded = await encoders.EncodeAsync(encoder, query.Picture, choice, cancellationToken);
        if (encoded.Error is { } unreadable)
            return unreadable;

        var (picture, embeddings) = encoded.Value;
        return new DetectFacesResult(
            picture,
            encoder.Model,
            [.. picture.Faces.Select((face, i) => new JudgedFace(
                face,
                encoder.Traits.Quality.Judge(query.Quality, face.Box.LongerSide, face.Score, face.Quality),
                query.WithEmbeddings ? embeddings[i] : null))]);
    }
}
