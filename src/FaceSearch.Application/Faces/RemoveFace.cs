using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

/// <summary>Removes a face. With its last face, the picture and its job items are removed too.</summary>
/// <param name="ExpectedTags">
/// The removal is refused when the face's tag is none of these; null skips the check.
/// </param>
public sealed record RemoveFaceCommand(string Collection, string FaceId, IReadOnlyList<string>? ExpectedTags)
    : ICommand<Result<FaceRemovalResult>>;

/// <param name="PendingJob">The removal's job while its duties are not done; null when all are.</param>
public sealed record FaceRemovalResult(Guid? PendingJob);

internal sealed class RemoveFaceHandler(IFaceSearchDbContext db, CollectionResolver collections, FaceEraser eraser)
    : ICommandHandler<RemoveFaceCommand, Result<FaceRemovalResult>>
{
    public async ValueTask<Result<FaceRemovalResult>> Handle(
        RemoveFaceCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;
        if (EntityId.Parse(command.FaceId) is not { } id)
            return FaceErrors.NotFound(command.FaceId);

        if (!await db.Faces.AnyAsync(face => face.CollectionId == collection.Value && face.Id == id, cancellationToken))
            return FaceErrors.NotFound(command.FaceId);

        var answers = await ErasureScope.BeginAsync(db, collection.Value, [id], cancellationToken);
        Result<EnrolmentJob> removed = default;
        await db.InTransactionAsync(
            async () => (removed = await RemoveAsync(collection.Value, id, answers, command, cancellationToken)).IsSuccess,
            cancellationToken);
        if (removed.Error is { } refused)
            return refused;

        var job = await eraser.WaitAsync(removed.Value, cancellationToken);
        return new FaceRemovalResult(job is { State: not EnrolmentJobState.Succeeded } ? job.Id : null);
    }

    private async Task<Result<EnrolmentJob>> RemoveAsync(
        long collectionId, long id, AnswerSearch answers, RemoveFaceCommand command, CancellationToken ct)
    {
        if (await db.LockCollectionAsync(collectionId, toChange: true, ct) is null)
            return FaceErrors.NotFound(command.FaceId);

        // Before any read, as MySQL's snapshot begins there: locks the picture, so that of two removals of its last
        // faces the second removes it, and the face, so that it does not change any more. The collection's lock keeps the
        // picture from getting further faces.
        await db.Images
            .Where(image => image.CollectionId == collectionId
                && image.Id == db.Faces.Where(face => face.Id == id).Select(face => face.ImageId).First())
            .ExecuteUpdateAsync(set => set.SetProperty(image => image.FileName, image => image.FileName), ct);
        var locked = await db.Faces.Where(face => face.CollectionId == collectionId && face.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(face => face.Version, face => face.Version + 1), ct);
        if (locked == 0)
            return FaceErrors.NotFound(command.FaceId);

        await eraser.InterruptJobsAsync(collectionId, command.Collection, ct);
        var face = await db.Faces.AsNoTracking()
            .Include(row => row.Person).Include(row => row.Image).Include(row => row.Collection)
            .SingleAsync(row => row.Id == id, ct);
        if (command.ExpectedTags is { } expected && !expected.Contains(FaceDetails.TagOf(face, face.Version - 1)))
            return CommonErrors.Changed;

        var scope = await ErasureScope.FindAsync(db, collectionId, [id], answers, remover: null, ct);
        var removal = await eraser.EraseAsync(command.Collection, scope, ct);
        await db.SaveChangesAsync(ct);
        return removal;
    }
}
