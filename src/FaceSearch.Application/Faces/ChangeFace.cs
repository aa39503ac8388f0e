using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Persons;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

/// <summary>Changes a face's person, external id or tags; null leaves a value unchanged.</summary>
/// <param name="ExpectedTags">
/// The change is refused when the face's tag is none of these; null skips the check.
/// </param>
public sealed record ChangeFaceCommand(string Collection, string FaceId, IReadOnlyList<string>? ExpectedTags)
    : ICommand<Result<FaceDetails>>
{
    public Change<string?>? Person { get; init => field = value?.Map(FieldText.Normalize); }

    public Change<string?>? ExternalId { get; init => field = value?.Map(FieldText.Normalize); }

    public Change<IReadOnlyList<string>>? Tags { get; init => field = value?.Map(tags => [.. tags.Select(FieldText.Normalize)!]); }
}

/// <summary>A new value; its own null removes the value.</summary>
public readonly record struct Change<T>(T To)
{
    internal Change<T> Map(Func<T, T> map) => new(map(To));
}

internal sealed class ChangeFaceValidator : AbstractValidator<ChangeFaceCommand>
{
    public ChangeFaceValidator()
    {
        RuleFor(command => command.Person.GetValueOrDefault().To).IsPersonName();
        RuleFor(command => command.ExternalId.GetValueOrDefault().To).IsExternalId();
        RuleFor(command => command.Tags.GetValueOrDefault().To ?? Array.Empty<string>()).AreTags();
    }
}

internal sealed class ChangeFaceHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : ICommandHandler<ChangeFaceCommand, Result<FaceDetails>>
{
    public async ValueTask<Result<FaceDetails>> Handle(ChangeFaceCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;
        if (EntityId.Parse(command.FaceId) is not { } id)
            return FaceErrors.NotFound(command.FaceId);

        while (true)
        {
            var face = await db.Faces
                .Include(f => f.Person).Include(f => f.Tags).Include(f => f.Image).Include(f => f.Collection)
                .FirstOrDefaultAsync(f => f.CollectionId == collection.Value && f.Id == id, cancellationToken);
            if (face is null)
                return FaceErrors.NotFound(command.FaceId);
            if (command.ExpectedTags is { } expected && !expected.Contains(FaceDetails.TagOf(face, face.Version)))
                return CommonErrors.Changed;

            await ApplyAsync(command, face, cancellationToken);
            if (await db.TrySaveChangesAsync(cancellationToken))
                return FaceDetails.Of(face, face.Collection.Model);
            if (command.ExternalId is { To: { } externalId }
                && await db.FindByExternalIdAsync(collection.Value, externalId, cancellationToken) is { } taken
                && taken != id)
                return FaceErrors.ExternalIdTaken(taken);
        }
    }

    private async Task ApplyAsync(ChangeFaceCommand command, Face face, CancellationToken ct)
    {
        if (command.Person is { } person)
            await AssignAsync(face, person.To, ct);
        if (command.ExternalId is { } externalId)
            face.ExternalId = externalId.To;
        if (command.Tags is { } tags)
            face.SetTags(tags.To);

        face.Version++;
    }

    /// <summary>Assigning a face to a person removes its exclusion from that person.</summary>
    private async Task AssignAsync(Face face, string? name, CancellationToken ct)
    {
        if (name is null)
        {
            face.Person = null;
            return;
        }

        face.Person = (await db.GetOrAddPersonsAsync(face.CollectionId, [name], ct))[name];
        db.PersonExclusions.RemoveRange(await db.PersonExclusions
            .Where(exclusion => exclusion.PersonId == face.Person.Id && exclusion.FaceId == face.Id)
            .ToListAsync(ct));
    }
}
