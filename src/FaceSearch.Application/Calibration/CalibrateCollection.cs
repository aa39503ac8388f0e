using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Calibration;

/// <summary>
/// Measures the distances between a collection's faces of one person and of different persons. The result is the
/// false-accept and false-reject rate by tolerance.
/// </summary>
/// <param name="FalseAcceptRate">The share of pairs of different persons that may match; 0 to 1.</param>
/// <param name="Steps">How many tolerances are answered, 1 to <see cref="MaxSteps"/>.</param>
public sealed record CalibrateCollectionQuery(string Collection, double FalseAcceptRate, int Steps)
    : IQuery<Result<CalibrationResult>>
{
    public const int MaxSteps = 400;
}

/// <param name="Faces">All faces of the collection.</param>
/// <param name="Persons">Persons with a face.</param>
/// <param name="BinWidth">
/// The width of the histograms' bins. A bin holds the distances above its start, up to its end.
/// </param>
/// <param name="Wanted">
/// The rates at the largest tolerance within the wanted rate; null when there is none or no rate is known.
/// </param>
/// <param name="Current">The rates at the server's default tolerance.</param>
public sealed record CalibrationResult(
    string Model, int Faces, int Persons, int PersonsWithSeveralFaces, MeasuredPairs Pairs, double BinWidth,
    IReadOnlyList<long> Same, IReadOnlyList<long> Different, IReadOnlyList<ToleranceRates> Rates,
    ToleranceRates? Wanted, ToleranceRates Current, IReadOnlyList<string> Warnings);

/// <param name="Sampled">True when there are too many pairs to measure each.</param>
public sealed record MeasuredPairs(long Same, long Different, bool Sampled);

/// <param name="FalseAcceptRate">The share of pairs of different persons that match; null without such pairs.</param>
/// <param name="FalseRejectRate">The share of pairs of one person that don't; null without such pairs.</param>
/// <param name="ExpectedFalseMatches">
/// How many enrolled faces a search for an unknown face finds at the collection's present size.
/// </param>
public sealed record ToleranceRates(
    double Tolerance, double? FalseAcceptRate, double? FalseRejectRate, double? ExpectedFalseMatches);

internal sealed class CalibrateCollectionValidator : AbstractValidator<CalibrateCollectionQuery>
{
    public CalibrateCollectionValidator()
    {
        RuleFor(query => query.FalseAcceptRate)
            .Must(rate => rate is >= 0 and <= 1)
            .OverridePropertyName("falseAcceptRate")
            .WithMessage("falseAcceptRate is a share from 0 to 1: 0.001 is one in a thousand.");
        RuleFor(query => query.Steps)
            .InclusiveBetween(1, CalibrateCollectionQuery.MaxSteps)
            .OverridePropertyName("steps")
            .WithMessage($"steps is a whole number from 1 to {CalibrateCollectionQuery.MaxSteps}.");
    }
}

internal sealed class CalibrateCollectionHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    IFaceEncoders encoders,
    IFaceDistances distances,
    IOptions<SearchOptions> options)
    : IQueryHandler<CalibrateCollectionQuery, Result<CalibrationResult>>
{
    public async ValueTask<Result<CalibrationResult>> Handle(
        CalibrateCollectionQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var model = collection.Value.Encoder.Model;
        var pairs = await CountAsync(collection.Value.Id, model, cancellationToken);
        var faces = await db.Faces.CountAsync(face => face.CollectionId == collection.Value.Id, cancellationToken);
        return new CalibrationReport(pairs, faces).ToResult(model, query, options.Value.DefaultTolerance);
    }

    private async Task<PairCounter> CountAsync(long collectionId, string model, CancellationToken ct)
    {
        var counter = new PairCounter(distances);
        var faces = db.Faces.AsNoTracking()
            .Where(face => face.CollectionId == collectionId && face.PersonId != null && face.Model == model)
            .OrderBy(face => face.PersonId).ThenBy(face => face.Id)
            .Select(face => new { PersonId = face.PersonId!.Value, face.Embedding });
        await foreach (var face in faces.AsAsyncEnumerable().WithCancellation(ct))
        {
            // The index skips other lengths too.
            if (face.Embedding.IsStandard)
                counter.Add(face.PersonId, face.Embedding);
        }

        return await encoders.RunAsync(
            () =>
            {
                counter.Finish(ct);
                return counter;
            },
            ct);
    }
}
