using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <summary>
/// Erases a person: pictures, faces, embeddings and all other data about the person, in the database, the index and
/// their files. A picture that also shows other persons' faces loses its bytes, file name and camera data; those faces
/// stay searchable. Repeated, it answers the same receipt. <see cref="FaceEraser"/> has the list of duties.
/// </summary>
/// <param name="ExpectedTags">The tags of the person that the caller accepts; null skips the check.</param>
public sealed record ErasePersonCommand(string Collection, string PersonId, IReadOnlyList<string>? ExpectedTags)
    : ICommand<Result<PersonErasure>>;

/// <param name="PendingJob">The erasure's job while duties are not done; null when all is deleted.</param>
public sealed record PersonErasure(ErasureReceipt Receipt, Guid? PendingJob);

internal sealed class ErasePersonHandler(IFaceSearchDbContext db, CollectionResolver collections, FaceEraser eraser)
    : ICommandHandler<ErasePersonCommand, Result<PersonErasure>>
{
    public async ValueTask<Result<PersonErasure>> Handle(
        ErasePersonCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var personId = EntityId.Parse(command.PersonId) ?? 0;
        var person = await db.Persons.AsNoTracking()
            .SingleOrDefaultAsync(row => row.CollectionId == collection.Value && row.Id == personId, cancellationToken);
        var answers = person is null ? null : await ErasureScope.BeginAsync(db, person, cancellationToken);
        Result<EnrolmentJob> erased = default;
        await db.InTransactionAsync(
            async () => (erased = await EraseAsync(collection.Value, personId, answers, command, cancellationToken)).IsSuccess,
            cancellationToken);
        if (erased.Error is { } refused)
            return refused;

        // From here on the stored job does what is left, also when the caller disconnects or the process ends.
        return await eraser.WaitAsync(erased.Value, cancellationToken) is { } job
            ? new PersonErasure(ErasureReceipt.Of(job)!, job.State == EnrolmentJobState.Succeeded ? null : job.Id)
            : CollectionAccessErrors.NotFound(command.Collection);
    }

    private async Task<Result<EnrolmentJob>> EraseAsync(
        long collectionId, long personId, AnswerSearch? answers, ErasePersonCommand command, CancellationToken ct)
    {
        // Before any read: MySQL's snapshot begins at the first read. The collection's lock keeps pictures from getting
        // further faces.
        if (answers is null
            || await db.LockCollectionAsync(collectionId, toChange: true, ct) is null
            || !await db.LockPersonAsync(collectionId, personId, ct))
            return await FindEarlierAsync(collectionId, personId, ct) ?? (Result<EnrolmentJob>)PersonErrors.NotFound(command.PersonId);

        await eraser.InterruptJobsAsync(collectionId, command.Collection, ct);
        var person = await db.Persons.AsNoTracking().SingleAsync(row => row.Id == personId, ct);
        if (command.ExpectedTags is { } expected && !expected.Contains(await db.TagOfAsync(person, person.Version - 1, ct)))
            return CommonErrors.Changed;

        var erasure = await eraser.EraseAsync(command.Collection, await ErasureScope.FindAsync(db, person, answers, ct), ct);
        await db.SaveChangesAsync(ct);
        return erasure;
    }

    private Task<EnrolmentJob?> FindEarlierAsync(long collectionId, long personId, CancellationToken ct) =>
        db.EnrolmentJobs.AsNoTracking()
            .Where(job => job.Kind == EnrolmentJobKind.PersonErasure && job.CollectionId == collectionId)
            .FirstOrDefaultAsync(job => job.SubjectId == personId, ct);
}
