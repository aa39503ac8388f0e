using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Transfer;

/// <summary>
/// Creates a job that imports an export into a collection of the same model, or a new one. Pictures that are enrolled
/// already are skipped.
/// </summary>
/// <param name="TemporaryFile">The path of the upload; an accepted job owns the file.</param>
public sealed record StartImportCommand(string Collection, string TemporaryFile) : ICommand<Result<EnrolmentJobResult>>;

internal sealed class StartImportHandler(
    IFaceSearchDbContext db,
    ImportCollections targets,
    IFaceEncoders encoders,
    IArchiveStore archives,
    IEnrolmentQueue queue,
    ICaller caller,
    IOptions<EnrolmentOptions> options,
    TimeProvider time)
    : ICommandHandler<StartImportCommand, Result<EnrolmentJobResult>>
{
    public async ValueTask<Result<EnrolmentJobResult>> Handle(
        StartImportCommand command, CancellationToken cancellationToken)
    {
        // Before the file is read, which may be large.
        var found = await targets.FindAsync(command.Collection, cancellationToken);
        if (found.Error is { } notHere)
            return notHere;

        var model = ReadModel(command.TemporaryFile);
        if (model.Error is { } unreadable)
            return unreadable;
        if (found.Value is { } there && there.Model != model.Value)
            return TransferErrors.ModelMismatch(command.Collection, there.Model, model.Value);

        var job = new EnrolmentJob
        {
            Kind = EnrolmentJobKind.CollectionImport,
            CollectionId = found.Value?.Id,
            CollectionName = found.Value is null ? command.Collection : null,
            Model = model.Value,
            StartedBy = caller.KeyId,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        archives.Keep(command.TemporaryFile, job.Id);
        if (await db.StoreWithArchiveAsync(job, archives, cancellationToken) is { } gone)
            return gone;

        queue.NotifyChanged();
        return EnrolmentJobResult.Of(job, command.Collection, model.Value, []);
    }

    private Result<string> ReadModel(string file)
    {
        var opened = ImportSource.Open(file, options.Value);
        if (opened.Error is { } unreadable)
            return unreadable;

        using var source = opened.Value;
        return encoders.TryGet(source.Model, out _) ? source.Model : CollectionAccessErrors.ModelNotAvailable(source.Model);
    }
}
