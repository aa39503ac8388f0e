using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Erasure;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Collections;

/// <summary>
/// Removes a collection with its data and the keys that are bound to it alone. Requests can't find it from the start of
/// the removal. A job deletes its data; the handler waits for it.
/// </summary>
public sealed record RemoveCollectionCommand(string Name) : ICommand<Result<CollectionRemovalResult>>;

/// <param name="PendingJob">The removal's job while data is left; null when all is deleted.</param>
public sealed record CollectionRemovalResult(Guid? PendingJob);

internal sealed class RemoveCollectionHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    CollectionEraser eraser,
    IIndexChanges index,
    IEnrolmentQueue queue,
    ICaller caller,
    ApiKeyCache verified,
    IOptions<ErasureOptions> options,
    TimeProvider time)
    : ICommandHandler<RemoveCollectionCommand, Result<CollectionRemovalResult>>
{
    public async ValueTask<Result<CollectionRemovalResult>> Handle(
        RemoveCollectionCommand command, CancellationToken cancellationToken)
    {
        var found = await collections.FindIdAsync(command.Name, cancellationToken);
        if (found.Error is { } noCollection)
            return noCollection;
        if (command.Name == Collection.DefaultName)
            return CollectionErrors.Default;

        Result<EnrolmentJob> removed = default;
        await db.InTransactionAsync(
            async () => (removed = await HideAsync(found.Value, command.Name, cancellationToken)).IsSuccess,
            cancellationToken);
        if (removed.Error is { } refused)
            return refused;

        verified.Forget();
        queue.NotifyChanged();
        await index.CommittedAsync(new CollectionRemoved(found.Value), CancellationToken.None);
        var jobId = removed.Value.Id;
        return new CollectionRemovalResult(
            await queue.TryWaitAsync(jobId, TimeSpan.FromSeconds(options.Value.WaitSeconds), caller, time, cancellationToken) ? null : jobId);
    }

    /// <summary>Renames the collection, so that no request finds it, and stores the job that deletes its data.</summary>
    private async Task<Result<EnrolmentJob>> HideAsync(long id, string name, CancellationToken ct)
    {
        var removed = Collection.RemovedNameOf(id);
        var taken = await db.Collections
            .Where(collection => collection.Id == id && collection.Name == name)
            .ExecuteUpdateAsync(set => set.SetProperty(collection => collection.Name, removed), ct);
        if (taken == 0)
            return CollectionAccessErrors.NotFound(name);

        await eraser.UnbindKeysAsync(id, ct);
        await eraser.DeleteAnswersAsync(name, ct);
        if (await db.EnrolmentJobs.Unfinished()
            .AnyAsync(job => job.CollectionId == id && !FaceEraser.StoresNoFaces.Contains(job.Kind), ct))
            return CollectionErrors.JobsRunning;

        var removal = CollectionEraser.NewRemoval(id, name, caller.KeyId, time);
        db.EnrolmentJobs.Add(removal);
        await db.SaveChangesAsync(ct);
        return removal;
    }
}
