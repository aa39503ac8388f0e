using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Detection;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Results;
using FaceSearch.Application.Telemetry;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Mediator;

namespace FaceSearch.Application.Enrolment;

/// <summary>Enrols faces of a picture; they are searchable when the command returns.</summary>
/// <param name="FileName">Names the person when it is LFW-style: <c>Aaron_Eckhart_0001.jpg</c>; may be empty.</param>
public sealed record EnrolFacesCommand(string Collection, ReadOnlyMemory<byte> Picture, string FileName)
    : ICommand<Result<EnrolFacesResult>>
{
    public FacesToEnrol Faces { get; init; }

    /// <summary>Chooses the face that overlaps it most, in pixels of the upright picture.</summary>
    public BoundingBox? TargetBox { get; init; }

    /// <summary>Whose face it is. Without it the file name names the person of the main face.</summary>
    public string? Person { get; init => field = FieldText.Normalize(value); }

    public PersonFor PersonFor { get; init; }

    /// <summary>The client's own name for the one face, unique in the collection.</summary>
    public string? ExternalId { get; init => field = FieldText.Normalize(value); }

    public IReadOnlyList<string> Tags { get; init => field = [.. value.Select(FieldText.Normalize)!]; } = [];

    public QualityLevel Quality { get; init; }

    public NearDuplicates NearDuplicates { get; init; } = NearDuplicates.Ignore;
}

/// <param name="Known">The faces of the picture that were enrolled before.</param>
/// <param name="Skipped">The other faces of the picture, which were not enrolled, and why.</param>
/// <param name="Warnings">Enrolled faces that are almost the same as one enrolled before.</param>
public sealed record EnrolFacesResult(
    long ImageId,
    DetectedPicture Picture,
    IReadOnlyList<FaceDetails> Faces,
    IReadOnlyList<KnownFace> Known,
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
    EnrolmentWriter writer)
    : ICommandHandler<EnrolFacesCommand, Result<EnrolFacesResult>>
{
    /// <summary>Begins again on a conflict: the next attempt finds what another client has stored.</summary>
    public async ValueTask<Result<EnrolFacesResult>> Handle(
        EnrolFacesCommand command, CancellationToken cancellationToken)
    {
        var hash = NewImage.HashOf(command.Picture);
        while (true)
        {
            if (await TryEnrolAsync(command, hash, cancellationToken) is { } result)
                return result;
        }
    }

    /// <returns>Null on a conflict.</returns>
    private async Task<Result<EnrolFacesResult>?> TryEnrolAsync(EnrolFacesCommand command, string hash, CancellationToken ct)
    {
        var found = await collections.FindAsync(command.Collection, ct);
        if (found.Error is { } noCollection)
            return noCollection;

        var collection = found.Value;
        var known = await KnownPicture.FindAsync(db, collection.Id, hash, ct);
        var taken = command.ExternalId is { } externalId ? await db.FindByExternalIdAsync(collection.Id, externalId, ct) : null;
        if (known is null && taken is { } ofAnotherPicture)
            return FaceErrors.ExternalIdTaken(ofAnotherPicture);

        var encoded = await encoders.EncodeAsync(
            collection.Encoder, command.Picture, picture => Select(command, collection, known, picture).Chosen, ct);
        if (encoded.Error is { } unreadable)
            return unreadable;

        var selection = Select(command, collection, known, encoded.Value.Picture);
        if (selection.Refusal is { } nothingToEnrol)
            return nothingToEnrol;
        if (taken is { } ofAnotherFace)
            return FaceErrors.ExternalIdTaken(ofAnotherFace);

        var looked = await LookForNearDuplicatesAsync(
            command.NearDuplicates, collection, selection, encoded.Value.Embeddings, ct);
        if (looked.Error is { } refused)
            return refused;

        var picture = new NewImage(
            command.FileName, command.Picture, hash, encoded.Value.Picture, looked.Value.Faces,
            metadataReader.Read(command.Picture));
        if (await writer.TryAddAsync(collection, command, picture, known, ct) is not { } added)
            return null;

        return await PublishAsync(collection, picture.Picture, looked.Value, added, ct);
    }

    private static FaceSelection Select(
        EnrolFacesCommand command, CollectionContext collection, KnownPicture? known, DetectedPicture picture) =>
        FaceSelection.Of(
            picture, known, command.Faces, command.TargetBox, collection.Encoder.Traits.Quality, command.Quality);

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
            return new Enrolment(faces, selection.Known, selection.Skipped, [.. faces.Select(_ => (NearDuplicate?)null)]);

        var enrolled = await nearDuplicates.FindAsync(collection, embeddings, ct);
        if (policy == NearDuplicates.Warn)
            return new Enrolment(faces, selection.Known, selection.Skipped, enrolled);

        var judged = faces.Zip(enrolled).ToLookup(pair => pair.Second is null, pair => pair.First);
        return judged[true].Any()
            ? new Enrolment(
                [.. judged[true]],
                selection.Known,
                [.. selection.Skipped, .. judged[false].Select(face => new SkippedFace(face.Face, [RefusalReason.NearDuplicate]))],
                [.. judged[true].Select(_ => (NearDuplicate?)null)])
            : EnrolmentErrors.NearDuplicate(enrolled[0]!);
    }

    private async Task<EnrolFacesResult> PublishAsync(
        CollectionContext collection,
        DetectedPicture picture,
        Enrolment enrolment,
        IReadOnlyList<Face> added,
        CancellationToken ct)
    {
        GalleryFace[] faces = [.. added.Select(GalleryFace.Of)];
        await index.CommittedAsync(new FacesAdded(collection.Id, collection.Encoder.Model, faces), ct);
        metrics.CountEnrolment(EnrolmentOutcome.Inserted);
        return new EnrolFacesResult(
            added[0].Image.Id,
            picture,
            [.. added.Select(face => FaceDetails.Of(face, collection.Encoder.Model))],
            enrolment.Known,
            enrolment.Skipped,
            [.. added.Zip(enrolment.NearDuplicates)
                .Where(pair => pair.Second is not null)
                .Select(pair => new NearDuplicateWarning(pair.First.Id, pair.Second!))],
            collection.Encoder.Model);
    }

    /// <param name="NearDuplicates">Of each face, in order: the enrolled one it is almost the same as.</param>
    private sealed record Enrolment(
        IReadOnlyList<NewFace> Faces,
        IReadOnlyList<KnownFace> Known,
        IReadOnlyList<SkippedFace> Skipped,
        IReadOnlyList<NearDuplicate?> NearDuplicates);
}
