using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FluentValidation;
using Mediator;

namespace FaceSearch.Application.Faces;

/// <summary>The face cut out of its picture, upright, as a square JPEG.</summary>
/// <param name="Size">Pixels of a side, <see cref="MinSize"/> to <see cref="MaxSize"/>.</param>
public sealed record GetFaceCropQuery(string Collection, string FaceId, int Size) : IQuery<Result<byte[]>>
{
    public const int MinSize = 16;

    public const int MaxSize = 1024;

    public const int DefaultSize = 160;
}

internal sealed class GetFaceCropValidator : AbstractValidator<GetFaceCropQuery>
{
    public GetFaceCropValidator() => RuleFor(query => query.Size)
        .InclusiveBetween(GetFaceCropQuery.MinSize, GetFaceCropQuery.MaxSize)
        .OverridePropertyName("size")
        .WithMessage($"size is a whole number of pixels from {GetFaceCropQuery.MinSize} to {GetFaceCropQuery.MaxSize}.");
}

internal sealed class GetFaceCropHandler(
    IFaceSearchDbContext db, CollectionResolver collections, IFaceEncoders encoders, IFaceCropper cropper)
    : IQueryHandler<GetFaceCropQuery, Result<byte[]>>
{
    /// <summary>Decoding a picture is CPU-bound, so it is queued with the engine's work.</summary>
    public async ValueTask<Result<byte[]>> Handle(GetFaceCropQuery query, CancellationToken cancellationToken)
    {
        var kept = await collections.FindPictureAsync(db, query.Collection, query.FaceId, cancellationToken);
        if (kept.Error is { } error)
            return error;

        var (picture, box) = (kept.Value.Bytes, kept.Value.Box);
        return await encoders.RunAsync(
            cropper.Measure(picture), PictureWait.Request, () => cropper.Crop(picture, box, query.Size), cancellationToken);
    }
}
