using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Detection;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Persons;
using FaceSearch.Application.Results;
using FaceSearch.Application.Telemetry;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Enrolment;

/// <summary>Enrols faces of a picture; they are searchable when the command returns.</summary>
/// <param name="FileName">Names the person when it is LFW-style: <c>Aaron_Eckhart_0001.jpg</c>; may be empty.</param>
public sealed record EnrolFacesCommand(string Collection, ReadOnlyMemory<byte> Picture, string FileName)
    : ICommand<Result<EnrolFacesResult>>
{
    public FacesToEnrol Faces { get; init; }

    /// <summary>Chooses the face that overlaps it most, in pixels of the upright picture.</summary>
    public BoundingBox? TargetBox { get; init; }

    /// <summary>The person of the faces. Without it the file name gives the person, if one face is enrolled.</summary>
    public string? Person { get; init => field = FieldText.Normalize(value); }

    /// <summary>The client's own name for the one face, unique in the collection.</summary>
    public string? ExternalId { get; init => field = FieldText.Normalize(value); }

    public IReadOnlyList<string> Tags { get; init => field = [.. value.Select(FieldText.Normalize)!]; } = [];

    public QualityLevel Quality { get; init; }

    public NearDuplicates NearDuplicates { get; init; } = NearDuplicates.Ignore;
}

/// <param name="Skipped">The other faces of the picture, which were not enrolled, and why.</param>
/// <param name="Warnings">Enrolled faces that are almost the same as one enrolled before.</param>
public sealed record EnrolFacesResult(
    long ImageId,
    DetectedPicture Picture,
    IReadOnlyList<FaceDetails> Faces,
    IReadOnlyList<SkippedFace> Skipped,
    IReadOnlyList<NearDuplicateWarning> Warnings,
    string Model);

public sealed record NearDuplicateWarning(long FaceId, NearDuplicate Enrolled);

internal sealed class EnrolFacesValidator : AbstractValidator<EnrolFacesCommand>
{
    public EnrolFacesValidator()
    {
        RuleFor(command => command.Person).IsPersonName();
        RuleFor(command => command.ExternalId).IsExternalId();
        RuleFor(command => command.ExternalId)
            .Null().When(command => command.Faces == FacesToEnrol.All)
            .OverridePropertyName("externalId")
            .WithMessage("externalId names one face: leave it out with faces=all.");
        RuleFor(command => command.Tags).AreTags();
        RuleFor(command => command.TargetBox)
            .Must(box => box is null or { Width: > 0, Height: > 0 })
            .OverridePropertyName("targetBox")
            .WithMessage("targetBox is x,y,width,height in whole pixels, with a width and height above 0.");
        RuleFor(command => command.TargetBox)
            .Null().When(command => command.Faces == FacesToEnrol.All)
            .OverridePropertyName("targetBox")
            .WithMessage("targetBox chooses one face: leave it out with faces=all.");
    }
}

internal sealed class EnrolFacesHandler(
    IFaceSearchDbContext db,
    CollectionResolver collections,
    IFaceEncoders encoders,
    IImageMetadataReader metadataReader,
    IIndexChanges index,
    FaceSearchMetrics metrics,
    NearDuplicateFinder nearDuplicates,
    IOptions<EnrolmentOptions> options,
    TimeProvider time)
    : ICommandHandler<EnrolFacesCommand, Result<EnrolFacesResult>>
{
    public async ValueTask<Result<EnrolFacesResult>> Handle(
        EnrolFacesCommand command, CancellationToken cancellationToken)
    {
        var found = await collections.FindAsync(command.Collection, cancellationToken);
        if (found.Error is { } noCollection)
            return noCollection;

        var collection = found.Value;
        var hash = NewImage.HashOf(command.Picture);
        if (await FindConflictAsync(collection.Id, hash, command.ExternalId, cancellationToken) is { } conflict)
            return conflict;

        var gate = collection.Encoder.Traits.Quality;
        var encoded = await encoders.EncodeAsync(
            collection.Encoder, command.Picture, picture => Select(command, gate, picture).Chosen, cancellationToken);
        if (encoded.Error is { } unreadable)
            return unreadable;

        var selection = Select(command, gate, encoded.Value.Picture);
        if (selection.Refusal is { } nothingToEnrol)
            return nothingToEnrol;

        var looked = await LookForNearDuplicatesAsync(
            command.NearDuplicates, collection, selection, encoded.Value.Embeddings, cancellationToken);
        if (looked.Error is { } refused)
            return refused;

        var image = new NewImage(
            command.FileName, command.Picture, hash, encoded.Value.Picture, looked.Value.Faces,
            metadataReader.Read(command.Picture));
        return await SaveAsync(collection, command, image, looked.Value, cancellationToken)
            ?? await Handle(command, cancellationToken);
    }

    private static FaceSelection Select(
        EnrolFacesCommand command, FaceQualityGate gate, DetectedPicture picture) =>
        FaceSelection.Of(picture, command.Faces, command.TargetBox, gate, command.Quality);

    /// <summary>Drops the faces that are enrolled already, if near duplicates are refused.</summary>
    private async Task<Result<Enrolment>> LookForNearDuplicatesAsync(
        NearDuplicates policy,
        CollectionContext collection,
        FaceSelection selection,
        IReadOnlyList<Embedding> embeddings,
        CancellationToken ct)
    {
        var faces = selection.Chosen.Zip(embeddings, (face, embedding) => new NewFace(face, embedding)).ToList();
        if (policy == NearDuplicates.Ignore)
            return new Enrolment(faces, selection.Skipped, [.. faces.Select(_ => (NearDuplicate?)null)]);

        var enrolled = await nearDuplicates.FindAsync(collection, embeddings, ct);
        if (policy == NearDuplicates.Warn)
            return new Enrolment(faces, selection.Skipped, enrolled);

        var judged = faces.Zip(enrolled).ToLookup(pair => pair.Second is null, pair => pair.First);
        return judged[true].Any()
            ? new Enrolment(
                [.. judged[true]],
                [.. selection.Skipped, .. judged[false].Select(face => new SkippedFace(face.Face, [RefusalReason.NearDuplicate]))],
                [.. judged[true].Select(_ => (NearDuplicate?)null)])
            : EnrolmentErrors.NearDuplicate(enrolled[0]!);
    }

    /// <summary>
    /// Retries on a conflict: another client has added the same person or picture, and the second attempt finds it.
    /// </summary>
    /// <returns>Null when the collection's model has changed: the faces must be embedded again.</returns>
    private async Task<Result<EnrolFacesResult>?> SaveAsync(
        CollectionContext collection,
        EnrolFacesCommand command,
        NewImage picture,
        Enrolment enrolment,
        CancellationToken ct)
    {
        var name = command.Person ?? (picture.Faces.Count == 1 ? PictureName.Parse(picture.Name).Person : null);
        while (true)
        {
            var persons = await db.GetOrAddPersonsAsync(collection.Id, name is null ? [] : [name], ct);
            var image = picture.ToImage(
                collection.Id, collection.Encoder.Model, name is null ? null : persons[name],
                options.Value.KeepPictures, time.GetUtcNow().UtcDateTime);
            foreach (var face in image.Faces)
            {
                face.ExternalId = command.ExternalId;
                face.SetTags(command.Tags);
            }

            db.Images.Add(image);
            if (await db.TrySaveChangesAsync(ct))
                return await PublishAsync(collection, picture, enrolment, image, ct);
            if (await FindConflictAsync(collection.Id, picture.Sha256, command.ExternalId, ct) is { } conflict)
                return conflict;
            if (await collections.HasModelChangedAsync(collection, ct))
                return null;
        }
    }

    private async Task<EnrolFacesResult> PublishAsync(
        CollectionContext collection, NewImage picture, Enrolment enrolment, Image image, CancellationToken ct)
    {
        GalleryFace[] faces = [.. image.Faces.Select(GalleryFace.Of)];
        await index.CommittedAsync(new FacesAdded(collection.Id, collection.Encoder.Model, faces), ct);
        metrics.CountEnrolment(EnrolmentOutcome.Inserted);
        return new EnrolFacesResult(
            image.Id,
            picture.Picture,
            [.. image.Faces.Select(face => FaceDetails.Of(face, collection.Encoder.Model))],
            enrolment.Skipped,
            [.. image.Faces.Zip(enrolment.NearDuplicates)
                .Where(pair => pair.Second is not null)
                .Select(pair => new NearDuplicateWarning(pair.First.Id, pair.Second!))],
            collection.Encoder.Model);
    }

    private async Task<Error?> FindConflictAsync(long collectionId, string hash, string? externalId, CancellationToken ct)
    {
        var existing = await db.Images.AsNoTracking()
            .Where(image => image.CollectionId == collectionId && image.Sha256 == hash)
            .Select(image => new { image.Id, FaceId = image.Faces.Min(face => (long?)face.Id) })
            .FirstOrDefaultAsync(ct);
        if (existing is not null)
            return EnrolmentErrors.Duplicate(existing.Id, existing.FaceId);

        return externalId is not null && await db.FindByExternalIdAsync(collectionId, externalId, ct) is { } taken
            ? FaceErrors.ExternalIdTaken(taken)
            : null;
    }

    /// <param name="NearDuplicates">Of each face, in order: the enrolled one it is almost the same as.</param>
    private sealed record Enrolment(
        IReadOnlyList<NewFace> Faces, IReadOnlyList<SkippedFace> Skipped, IReadOnlyList<NearDuplicate?> NearDuplicates);
}
