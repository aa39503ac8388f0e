using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

/// <summary>
/// Removes a collection with its data and the keys that are bound to it alone. Requests can't find it from the start of
/// the removal. Returns when all data is deleted.
/// </summary>
public sealed record RemoveCollectionCommand(string Name) : ICommand<Result<Unit>>;

internal sealed class RemoveCollectionHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    CollectionEraser eraser,
    IIndexChanges index,
    ApiKeyCache verified)
    : ICommandHandler<RemoveCollectionCommand, Result<Unit>>
{
    public async ValueTask<Result<Unit>> Handle(RemoveCollectionCommand command, CancellationToken cancellationToken)
    {
        var found = await collections.FindIdAsync(command.Name, cancellationToken);
        if (found.Error is { } noCollection)
            return noCollection;
        if (command.Name == Collection.DefaultName)
            return CollectionErrors.Default;

        Error? refused = null;
        await db.InTransactionAsync(
            async () =>
            {
                refused = await TakeNameAsync(found.Value, command.Name, cancellationToken);
                return refused is null;
            },
            cancellationToken);
        if (refused is not null)
            return refused;

        verified.Forget();
        await index.CommittedAsync(new CollectionRemoved(found.Value), CancellationToken.None);
        await eraser.EraseAsync(found.Value, cancellationToken);
        await index.CommittedAsync(new CollectionRemoved(found.Value), CancellationToken.None);
        return Unit.Value;
    }

    private async Task<Error?> TakeNameAsync(long id, string name, CancellationToken ct)
    {
        var removed = Collection.RemovedNameOf(id);
        var taken = await db.Collections
            .Where(collection => collection.Id == id && collection.Name == name)
            .ExecuteUpdateAsync(set => set.SetProperty(collection => collection.Name, removed), ct);
        if (taken == 0)
            return CollectionAccessErrors.NotFound(name);

        await eraser.UnbindKeysAsync(id, ct);
        await eraser.DeleteAnswersAsync(name, ct);
        return await db.EnrolmentJobs.AnyAsync(
            job => job.CollectionId == id
                && job.Kind != EnrolmentJobKind.PersonErasure && job.Kind != EnrolmentJobKind.FaceRemoval
                && job.Kind != EnrolmentJobKind.Calibration
                && (job.State == EnrolmentJobState.Queued || job.State == EnrolmentJobState.Running),
            ct)
            ? CollectionErrors.JobsRunning
            : null;
    }
}
