using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Calibration;

/// <summary>
/// Answers the false match and false non-match rates (ISO/IEC 19795-1) of a collection by tolerance, from the distances
/// between its faces. A recent measurement is answered at once; else a job measures again, which all requests of the
/// collection share.
/// </summary>
/// <param name="FalseMatchRate">The share of pairs of different persons that may match; 0 to 1.</param>
/// <param name="Steps">How many tolerances are answered, 1 to <see cref="MaxSteps"/>.</param>
public sealed record CalibrateCollectionCommand(string Collection, double FalseMatchRate, int Steps)
    : ICommand<Result<CalibrationAnswer>>
{
    public const int MaxSteps = 400;
}

/// <summary>At least one of both is there.</summary>
/// <param name="Result">From the last measurement; null when there is none of the collection's model.</param>
/// <param name="Job">The job that is measuring again; null when the result is recent.</param>
public sealed record CalibrationAnswer(CalibrationResult? Result, EnrolmentJobResult? Job);

/// <param name="Faces">All faces of the collection.</param>
/// <param name="Persons">Persons with a face.</param>
/// <param name="BinWidth">
/// The width of the histograms' bins. A bin holds the distances above its start, up to its end.
/// </param>
/// <param name="Wanted">
/// The rates at the largest tolerance within the wanted rate; null when there is none or no rate is known.
/// </param>
/// <param name="Current">The rates at the server's default tolerance.</param>
/// <param name="MeasuredAt">When the measurement ended.</param>
public sealed record CalibrationResult(
    string Model, int Faces, int Persons, int PersonsWithSeveralFaces, MeasuredPairs Pairs, double BinWidth,
    IReadOnlyList<long> Same, IReadOnlyList<long> Different, IReadOnlyList<ToleranceRates> Rates,
    ToleranceRates? Wanted, ToleranceRates Current, IReadOnlyList<string> Warnings,
    DateTime MeasuredAt);

/// <param name="Sampled">True when there are too many pairs to measure each.</param>
public sealed record MeasuredPairs(long Same, long Different, bool Sampled);

/// <param name="FalseMatchRate">The share of pairs of different persons that match; null without such pairs.</param>
/// <param name="FalseNonMatchRate">The share of pairs of one person that don't; null without such pairs.</param>
/// <param name="ExpectedFalseMatches">
/// How many enrolled faces a search for an unknown face finds at the collection's present size.
/// </param>
public sealed record ToleranceRates(
    double Tolerance, double? FalseMatchRate, double? FalseNonMatchRate, double? ExpectedFalseMatches);

internal sealed class CalibrateCollectionValidator : AbstractValidator<CalibrateCollectionCommand>
{
    public CalibrateCollectionValidator()
    {
        RuleFor(query => query.FalseMatchRate)
            .Must(rate => rate is >= 0 and <= 1)
            .OverridePropertyName("falseMatchRate")
            .WithMessage("falseMatchRate is a share from 0 to 1: 0.001 is one in a thousand.");
        RuleFor(query => query.Steps)
            .InclusiveBetween(1, CalibrateCollectionCommand.MaxSteps)
            .OverridePropertyName("steps")
            .WithMessage($"steps is a whole number from 1 to {CalibrateCollectionCommand.MaxSteps}.");
    }
}

internal sealed class CalibrateCollectionHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    IEnrolmentQueue queue,
    ICaller caller,
    IOptions<SearchOptions> search,
    IOptions<CalibrationOptions> options,
    TimeProvider time)
    : ICommandHandler<CalibrateCollectionCommand, Result<CalibrationAnswer>>
{
    /// <summary>The age up to which a measurement of the same number of faces is answered without a new job.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(1);

    public async ValueTask<Result<CalibrationAnswer>> Handle(
        CalibrateCollectionCommand command, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryAnswerAsync(command, cancellationToken) is { } answer)
                return answer;
        }
    }

    /// <summary>Null when the collection was removed or its model has changed meanwhile: retry.</summary>
    private async Task<Result<CalibrationAnswer>?> TryAnswerAsync(CalibrateCollectionCommand command, CancellationToken ct)
    {
        var collection = await collections.FindIdAsync(command.Collection, ct);
        if (collection.Error is { } noCollection)
            return noCollection;

        EnrolmentJobResult? job = null;
        if (!await HasRecentAsync(collection.Value, ct)
            && await FindOrStartAsync(collection.Value, ct) is { } jobId)
        {
            await queue.TryWaitAsync(jobId, TimeSpan.FromSeconds(options.Value.WaitSeconds), caller, time, ct);
            job = await EnrolmentJobResult.FindAsync(db, jobId, ct);
            if (job?.Job is { State: EnrolmentJobState.Failed or EnrolmentJobState.Cancelled } stopped)
                return JobErrors.JobStopped(stopped);
        }

        var row = await Measured(collection.Value).SingleOrDefaultAsync(ct);
        var result = row is null
            ? null
            : new CalibrationReport(CalibrationMeasurement.From(row)).ToResult(command, search.Value.DefaultTolerance);
        var unfinished = job is { Job.HasEnded: false } ? job : null;
        if (result is null && unfinished is null)
            return null;

        return new CalibrationAnswer(result, unfinished);
    }

    /// <summary>The stored measurement of the collection's present model.</summary>
    private IQueryable<CollectionCalibration> Measured(long collectionId) => db.Calibrations.AsNoTracking()
        .Where(row => row.CollectionId == collectionId)
        .Where(row => db.Collections.Any(c => c.Id == row.CollectionId && c.Model == row.Model));

    private async Task<bool> HasRecentAsync(long collectionId, CancellationToken ct)
    {
        var oldest = time.GetUtcNow().UtcDateTime - MaxAge;
        return await Measured(collectionId).AnyAsync(
            row => row.MeasuredAt > oldest && row.Faces == db.Faces.Count(face => face.CollectionId == collectionId), ct);
    }

    /// <returns>Null when there is no need any more: a concurrent request's job has just ended, or the collection is gone.</returns>
    private async Task<Guid?> FindOrStartAsync(long collectionId, CancellationToken ct)
    {
        Guid? jobId = null;
        var isStarted = await db.InTransactionAsync(
            async () =>
            {
                // Concurrent requests, also those of other servers, wait here and then find the job.
                if (await db.LockCollectionAsync(collectionId, toChange: true, ct) is null)
                    return false;

                jobId = await db.FindCalibrationAsync(collectionId, ct);
                if (jobId is not null || await HasRecentAsync(collectionId, ct))
                    return false;

                var job = new EnrolmentJob
                {
                    CollectionId = collectionId,
                    Kind = EnrolmentJobKind.Calibration,
                    StartedBy = caller.KeyId,
                    CreatedAt = time.GetUtcNow().UtcDateTime,
                };
                db.EnrolmentJobs.Add(job);
                await db.SaveChangesAsync(ct);
                jobId = job.Id;
                return true;
            },
            ct);
        if (isStarted)
            queue.NotifyChanged();

        return jobId;
    }
}
