using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>Creates a job from an uploaded archive. The job runs whether or not the caller waits for it.</summary>
/// <param name="TemporaryFile">The path of the upload; an accepted job owns the file.</param>
/// <param name="NameEncoding">Of the names in the archive, validated by <see cref="CheckBulkEnrolmentQuery"/>; null for none.</param>
/// <param name="Wait">Answer when the job has ended, not when it is queued.</param>
public sealed record StartBulkEnrolmentCommand(string Collection, string TemporaryFile, string? NameEncoding, bool Wait)
    : ICommand<Result<EnrolmentJobResult>>;

/// <summary>Checks the call of an archive before the archive is received. Answers the collection's id.</summary>
public sealed record CheckBulkEnrolmentQuery(string Collection, string? NameEncoding) : IQuery<Result<long>>;

internal sealed class CheckBulkEnrolmentValidator : AbstractValidator<CheckBulkEnrolmentQuery>
{
    public CheckBulkEnrolmentValidator() => RuleFor(query => query.NameEncoding)
        .Must(name => name is null || (name.Length <= EnrolmentJob.NameEncodingMaxLength && TextEncodings.Find(name) is not null))
        .OverridePropertyName("nameEncoding")
        .WithMessage("nameEncoding is the name of a character encoding: shift_jis, gbk, cp866, windows-1252.");
}

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
    ICaller caller,
    TimeProvider time)
    : ICommandHandler<StartBulkEnrolmentCommand, Result<EnrolmentJobResult>>
{
    public async ValueTask<Result<EnrolmentJobResult>> Handle(
        StartBulkEnrolmentCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var job = new EnrolmentJob
        {
            CollectionId = collection.Value.Id,
            NameEncoding = command.NameEncoding,
            StartedBy = caller.KeyId,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        if (archives.Accept(command.TemporaryFile, job.Id).Error is { } refused)
            return refused;

        if (await db.StoreWithArchiveAsync(job, archives, cancellationToken) is { } gone)
            return gone;

        queue.NotifyChanged();
        if (!command.Wait)
            return new EnrolmentJobResult(job, collection.Value.Name, collection.Value.Encoder.Model, []);

        var hasEnded = await queue.TryWaitAsync(job.Id, Timeout.InfiniteTimeSpan, caller, time, cancellationToken);
        if (await EnrolmentJobResult.FindAsync(db, job.Id, cancellationToken) is not { } result)
            return JobErrors.JobNotFound(job.Id.ToString());
        return result.Job.State == EnrolmentJobState.Succeeded || !hasEnded ? result : JobErrors.JobStopped(result.Job);
    }
}

internal static class JobsWithArchives
{
    /// <summary>
    /// Stores a job whose archive is kept already. After an exception the archive stays: the job may be stored although
    /// the answer of the commit was lost. Archives without a job are deleted later.
    /// </summary>
    /// <returns>Why no job is stored; null when it is.</returns>
    public static async Task<Error?> StoreWithArchiveAsync(
        this IFaceSearchDbContext db, EnrolmentJob job, IArchiveStore archives, CancellationToken ct)
    {
        db.EnrolmentJobs.Add(job);
        if (await db.TrySaveChangesAsync(ct))
            return null;

        // A commit that was retried conflicts with itself.
        if (await db.EnrolmentJobs.AnyAsync(stored => stored.Id == job.Id, ct))
            return null;

        archives.Discard(job.Id);
        return JobErrors.CollectionGone;
    }
}
