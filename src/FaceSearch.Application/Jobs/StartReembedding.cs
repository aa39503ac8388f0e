using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// Creates a job that embeds a collection's stored pictures again with another model. The collection stays searchable.
/// </summary>
/// <param name="Profile">An engine profile's name or a model's id; the server's own without it.</param>
/// <param name="DropFailed">Remove the faces that can't be embedded again; otherwise one of them fails the job.</param>
public sealed record StartReembeddingCommand(string Collection, string? Profile, bool DropFailed)
    : ICommand<Result<EnrolmentJobResult>>;

internal sealed class StartReembeddingHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    IFaceEncoders encoders,
    IEnrolmentQueue queue,
    ICaller caller,
    TimeProvider time)
    : ICommandHandler<StartReembeddingCommand, Result<EnrolmentJobResult>>
{
    public async ValueTask<Result<EnrolmentJobResult>> Handle(
        StartReembeddingCommand command, CancellationToken cancellationToken)
    {
        var encoder = encoders.Default;
        if (command.Profile is { } profile && !encoders.TryGetProfile(profile, out encoder))
            return CommonErrors.UnknownProfile(profile);

        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var job = new EnrolmentJob
        {
            CollectionId = collection.Value,
            Kind = command.DropFailed ? EnrolmentJobKind.ReembeddingOrRemoval : EnrolmentJobKind.Reembedding,
            Model = encoder.Model,
            StartedBy = caller.KeyId,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        Error? refused = null;
        await db.InTransactionAsync(
            async () =>
            {
                refused = await db.FindReasonNotToReembedAsync(job, cancellationToken)
                    ?? await FindLackOfPicturesAsync(collection.Value, cancellationToken);
                if (refused is not null)
                    return false;

                db.EnrolmentJobs.Add(job);
                await db.SaveChangesAsync(cancellationToken);
                return true;
            },
            cancellationToken);
        if (refused is not null)
            return refused;

        queue.NotifyChanged();
        return new EnrolmentJobResult(job, command.Collection, encoder.Model, []);
    }

    /// <summary>Checked before the job starts, as a job can run for hours.</summary>
    private async Task<Error?> FindLackOfPicturesAsync(long collectionId, CancellationToken ct)
    {
        var images = db.Images.Where(image => image.CollectionId == collectionId);
        return await images.AnyAsync(ct) && !await images.AnyAsync(image => image.Content != null, ct)
            ? JobErrors.PicturesNotKept
            : null;
    }
}

internal static class ReembeddingRules
{
    /// <summary>
    /// Why a job can't be queued now; checked in the transaction that queues it, which has locked the collection.
    /// </summary>
    public static async Task<Error?> FindReasonNotToReembedAsync(
        this IFaceSearchDbContext db, EnrolmentJob job, CancellationToken ct)
    {
        var collection = await db.LockCollectionAsync(job.CollectionId!.Value, toChange: true, ct);
        if (collection is null)
            return JobErrors.CollectionGone;
        // A job that broke may have changed the model and has then more to do.
        if (collection.Model == job.Model && !job.IsBroken)
            return JobErrors.SameModel(collection.Model);

        var isRunning = await db.EnrolmentJobs.Reembeddings().Unfinished()
            .AnyAsync(other => other.CollectionId == job.CollectionId, ct);
        return isRunning ? JobErrors.ReembeddingRunning : null;
    }
}
