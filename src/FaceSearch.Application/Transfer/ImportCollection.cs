using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Transfer;

/// <summary>
/// Imports an export into a collection of the same model, or a new one. Pictures that are enrolled already are skipped,
/// so sending an interrupted import again resumes it.
/// </summary>
/// <param name="TemporaryFile">Where the upload was received; it stays there.</param>
public sealed record ImportCollectionCommand(string Collection, string TemporaryFile) : ICommand<Result<ImportResult>>;

/// <param name="IsNew">True when the import created the collection.</param>
/// <param name="Duplicates">Pictures that were there already; their faces were skipped.</param>
/// <param name="Conflicts">The first 1,000 faces that were imported without their external ids.</param>
public sealed record ImportResult(
    string Collection, bool IsNew, string Model, long Faces, long Images, long Persons, long Duplicates,
    IReadOnlyList<LostExternalId> Conflicts);

/// <param name="EnrolledFaceId">The face that has the external id; null when it came in the same export.</param>
public sealed record LostExternalId(long FaceId, string ExternalId, long? EnrolledFaceId);

internal sealed class ImportCollectionHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    IFaceEncoders encoders,
    IIndexChanges index,
    ICaller caller,
    IOptions<EnrolmentOptions> options,
    TimeProvider time)
    : ICommandHandler<ImportCollectionCommand, Result<ImportResult>>
{
    public async ValueTask<Result<ImportResult>> Handle(
        ImportCollectionCommand command, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(command.Collection, cancellationToken) is { } notHere)
            return notHere;

        var opened = ExportFile.Open(command.TemporaryFile, options.Value);
        if (opened.Error is { } unreadable)
            return unreadable;

        using var file = opened.Value;
        try
        {
            // The whole export is checked before anything is stored.
            var manifest = file.Verify(cancellationToken);
            var batches = new ImportBatches(file, manifest, options.Value);
            _ = batches.ReadPersons().Count();
            foreach (var _ in batches.Read())
                cancellationToken.ThrowIfCancellationRequested();

            var isNew = await EnsureAsync(command.Collection, manifest.Model, cancellationToken);
            return isNew.Error is { } refused
                ? refused
                : await ImportAsync(command.Collection, isNew.Value, manifest.Model, batches, cancellationToken);
        }
        catch (DamagedExportException damaged)
        {
            return damaged.ToError();
        }
    }

    private async Task<Result<ImportResult>> ImportAsync(
        string name, bool isNew, string model, ImportBatches batches, CancellationToken ct)
    {
        var collection = await collections.FindAsync(name, ct);
        if (collection.Error is { } noCollection)
            return noCollection;
        if (collection.Value.Encoder.Model != model)
            return TransferErrors.ModelMismatch(name, collection.Value.Encoder.Model, model);

        var writer = new ImportWriter(db, index, collection.Value.Id, model, options.Value.KeepPictures, batches);
        var goesOn = await writer.WritePersonsAsync(ct);
        foreach (var batch in batches.Read().TakeWhile(_ => goesOn))
            goesOn = await writer.WriteAsync(batch, ct);

        if (!goesOn)
            return TransferErrors.ModelMismatch(name, "another", model);

        var counts = writer.Counts;
        return new ImportResult(
            name, isNew, model, counts.Faces, counts.Images, counts.Persons, counts.Duplicates,
            [.. counts.Conflicts.Select(lost => new LostExternalId(lost.Face.Id, lost.ExternalId, lost.HeldBy))]);
    }

    /// <summary>Creates the collection if it does not exist; returns whether it did.</summary>
    private async Task<Result<bool>> EnsureAsync(string name, string model, CancellationToken ct)
    {
        if (!encoders.TryGet(model, out _))
            return CollectionAccessErrors.ModelNotAvailable(model);

        var found = await collections.FindIdAsync(name, ct);
        if (found.IsSuccess)
            return await RefuseOtherModelAsync(found.Value, name, model, ct) is { } mismatch ? mismatch : false;
        if (found.Error is not { Kind: ErrorKind.NotFound } missing)
            return found.Error!;
        if (caller.Collections is not null)
            return missing;

        db.Collections.Add(new Collection { Name = name, Model = model, CreatedAt = time.GetUtcNow().UtcDateTime });
        return await db.TrySaveChangesAsync(ct);
    }

    /// <summary>Checked before a large file is read: an invalid name, or a caller that may not use the collection.</summary>
    private async Task<Error?> RefuseAsync(string name, CancellationToken ct)
    {
        if ((await collections.FindIdAsync(name, ct)).Error is not { } error)
            return null;
        if (error.Kind != ErrorKind.NotFound || caller.Collections is not null)
            return error;

        return CollectionName.IsOne(name)
            ? null
            : CommonErrors.InvalidField("collection", $"A collection's name has {CollectionName.Rule}.");
    }

    private async Task<Error?> RefuseOtherModelAsync(long collectionId, string name, string model, CancellationToken ct)
    {
        var its = await db.Collections.Where(c => c.Id == collectionId).Select(c => c.Model).FirstOrDefaultAsync(ct);
        return its == model ? null : TransferErrors.ModelMismatch(name, its ?? "another", model);
    }
}
