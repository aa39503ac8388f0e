using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;

namespace FaceSearch.Application.Jobs;

/// <summary>Creates a job from an uploaded archive. The job runs whether or not the caller waits for it.</summary>
/// <param name="TemporaryFile">The path of the upload; an accepted job owns the file.</param>
/// <param name="Wait">Answer when the job has ended, not when it is queued.</param>
public sealed record StartBulkEnrolmentCommand(string Collection, string TemporaryFile, bool Wait)
    : ICommand<Result<EnrolmentJobResult>>;

/// <summary>Checks the collection of an archive before the archive is received. Answers the collection's id.</summary>
public sealed record CheckBulkEnrolmentQuery(string Collection) : IQuery<Result<long>>;

internal sealed class CheckBulkEnrolmentHandler(CollectionResolver collections)
    : IQueryHandler<CheckBulkEnrolmentQuery, Result<long>>
{
    public async ValueTask<Result<long>> Handle(CheckBulkEnrolmentQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindAsync(query.Collection, cancellationToken);
        return collection.Error is { } error ? error : collection.Value.Id;
    }
}

internal sealed class StartBulkEnrolmentHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    IArchiveStore archives,
    IEnrolmentQueue queue,
    TimeProvider time)
    : ICommandHandler<StartBulkEnrolmentCommand, Result<EnrolmentJobResult>>
{
    public async ValueTask<Result<EnrolmentJobResult>> Handle(
        StartBulkEnrolmentCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var job = new EnrolmentJob { CollectionId = collection.Value.Id, CreatedAt = time.GetUtcNow().UtcDateTime };
        if (archives.Accept(command.TemporaryFile, job.Id).Error is { } refused)
            return refused;

        await StoreAsync(job, cancellationToken);
        queue.NotifyChanged();
        if (!command.Wait)
            return new EnrolmentJobResult(job, collection.Value.Name, collection.Value.Encoder.Model, []);

        await queue.WaitAsync(job.Id, cancellationToken);
        var ended = await EnrolmentJobResult.FindAsync(db, job.Id, cancellationToken);
        return ended!.Job.State == EnrolmentJobState.Succeeded ? ended : JobErrors.JobStopped(ended.Job);
    }

    private async Task StoreAsync(EnrolmentJob job, CancellationToken ct)
    {
        try
        {
            db.EnrolmentJobs.Add(job);
            await db.SaveChangesAsync(ct);
        }
        catch
        {
            archives.Discard(job.Id);
            throw;
        }
    }
}
