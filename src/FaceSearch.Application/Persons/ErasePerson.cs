using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Application.Persons;

/// <summary>
/// Erases a person: pictures, faces, embeddings and all other data about the person, in the database, the index and
/// their files. A picture that also shows other persons' faces loses its bytes, file name and camera data; those faces
/// stay searchable.
/// </summary>
/// <param name="ExpectedVersions">The versions that the caller accepts; null skips the check.</param>
public sealed record ErasePersonCommand(string Collection, string PersonId, IReadOnlyList<int>? ExpectedVersions)
    : ICommand<Result<ErasureReceipt>>;

/// <summary>The counts of deleted data. It holds no name, so it may be kept.</summary>
/// <param name="Images">Pictures whose bytes were deleted, also those that show other persons.</param>
/// <param name="JobItems">Job items of the pictures.</param>
/// <param name="Exclusions">Of the person and of the faces.</param>
/// <param name="Archives">Stored archives that held the pictures, or may have held them.</param>
public sealed record ErasureReceipt(
    Guid Id, string Collection, long PersonId, DateTime ErasedAt, int Faces, int Images, int JobItems, int Exclusions,
    int Archives);

internal sealed partial class ErasePersonHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    IIndexChanges index,
    IArchiveStore archives,
    ExclusionCache exclusions,
    TimeProvider time,
    ILogger<ErasePersonHandler> logger)
    : ICommandHandler<ErasePersonCommand, Result<ErasureReceipt>>
{
    public async ValueTask<Result<ErasureReceipt>> Handle(
        ErasePersonCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        Result<PersonDataScope> erased = default;
        await db.InTransactionAsync(
            async () => (erased = await EraseRowsAsync(collection.Value, command, cancellationToken)).IsSuccess,
            cancellationToken);
        if (erased.Error is { } refused)
            return refused;

        // The rows are deleted, so a disconnecting caller must not cancel the remaining steps.
        return await EraseFilesAsync(command.Collection, collection.Value, erased.Value);
    }

    private async Task<Result<PersonDataScope>> EraseRowsAsync(
        long collectionId, ErasePersonCommand command, CancellationToken ct)
    {
        // Before any read: MySQL's snapshot begins at the first read.
        var personId = EntityId.Parse(command.PersonId) ?? 0;
        if (!await db.LockPersonAsync(collectionId, personId, ct))
            return PersonErrors.NotFound(command.PersonId);

        var person = await db.Persons.AsNoTracking().SingleAsync(row => row.Id == personId, ct);
        if (command.ExpectedVersions is { } expected && !expected.Contains(person.Version - 1))
            return CommonErrors.Changed;
        if (await db.EnrolmentJobs.AnyAsync(
            job => job.CollectionId == collectionId
                && job.Kind != EnrolmentJobKind.Calibration
                && (job.State == EnrolmentJobState.Queued || job.State == EnrolmentJobState.Running), ct))
            return PersonErrors.JobsRunning;

        var traces = await PersonDataScope.FindAsync(db, person, ct);
        await traces.DeleteAsync(db, time.GetUtcNow().UtcDateTime, ct);
        return traces;
    }

    private async Task<ErasureReceipt> EraseFilesAsync(string collection, long collectionId, PersonDataScope traces)
    {
        await index.CommittedAsync(new FacesRemoved(collectionId, traces.FaceIds), CancellationToken.None);
        exclusions.Forget(collectionId);

        var discarded = traces.Jobs.Where(archives.Has).ToArray();
        foreach (var jobId in discarded)
            archives.Discard(jobId);
        if (!await db.TruncateDeletedDataAsync(CancellationToken.None))
            LogNotScrubbed(logger);

        return new ErasureReceipt(
            Guid.CreateVersion7(), collection, traces.PersonId, time.GetUtcNow().UtcDateTime, traces.FaceIds.Count,
            traces.Images, traces.JobItems, traces.Exclusions, discarded.Length);
    }

    [LoggerMessage(EventId = 1100, Level = LogLevel.Warning,
        Message = "The database's log was not truncated after an erasure because of concurrent readers. The next erasure or the next start truncates it")]
    private static partial void LogNotScrubbed(ILogger logger);
}
