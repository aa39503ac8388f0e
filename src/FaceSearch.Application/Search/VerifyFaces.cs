using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Detection;
using FaceSearch.Application.Results;
using FluentValidation;
using Mediator;

namespace FaceSearch.Application.Search;

/// <summary>Verification (1:1): whether the main faces of two pictures are the same person's. Nothing is stored.</summary>
/// <param name="Tolerance">Euclidean distance, above 0, up to <see cref="SearchLimits.MaxTolerance"/>.</param>
/// <param name="Profile">An engine profile's name or a model's id; the server's own without it.</param>
public sealed record VerifyFacesQuery(
    ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second, float Tolerance, string? Profile)
    : IQuery<Result<VerifyFacesResult>>;

/// <param name="Distance">Euclidean.</param>
public sealed record VerifyFacesResult(
    bool IsMatch, float Distance, string Model, DetectedPicture First, DetectedPicture Second);

internal sealed class VerifyFacesValidator : AbstractValidator<VerifyFacesQuery>
{
    public VerifyFacesValidator() => RuleFor(query => query.Tolerance)
        .Must(tolerance => tolerance is > 0 and <= SearchLimits.MaxTolerance)
        .OverridePropertyName("tolerance")
        .WithMessage($"tolerance is a number above 0, up to {SearchLimits.MaxTolerance}.");
}

internal sealed class VerifyFacesHandler(IFaceEncoders encoders) : IQueryHandler<VerifyFacesQuery, Result<VerifyFacesResult>>
{
    public async ValueTask<Result<VerifyFacesResult>> Handle(VerifyFacesQuery query, CancellationToken cancellationToken)
    {
        var encoder = encoders.Default;
        if (query.Profile is { } profile && !encoders.TryGetProfile(profile, out encoder))
            return CommonErrors.UnknownProfile(profile);

        var both = await Task.WhenAll(
            EncodeAsync(encoder, query.First, "first", cancellationToken),
            EncodeAsync(encoder, query.Second, "second", cancellationToken));
        if ((both[0].Error ?? both[1].Error) is { } error)
            return error;

        var (first, second) = (both[0].Value, both[1].Value);
        var distance = (float)first.Embeddings[0].DistanceTo(second.Embeddings[0]);
        return new VerifyFacesResult(
            distance <= query.Tolerance, distance, encoder.Model, first.Picture, second.Picture);
    }

    /// <summary>Adds to an error which of the two pictures was refused.</summary>
    private async Task<Result<EncodedPicture>> EncodeAsync(
        IFaceEncoder encoder, ReadOnlyMemory<byte> picture, string name, CancellationToken ct)
    {
        var encoded = await encoders.EncodeAsync(encoder, picture, FaceChoice.Main, ct);
        var error = encoded.Error ?? (encoded.Value.Embeddings is [] ? DetectionErrors.NoFace : null);
        return error is null ? encoded : error with { Facts = new Dictionary<string, object> { ["picture"] = name } };
    }
}
