using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Persons;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <summary>
/// Merges persons into one: their faces and exclusions move to it, and they are removed. Exclusions between them are
/// removed, as the merge contradicts them.
/// </summary>
/// <param name="PersonIds">The persons to merge into the person.</param>
public sealed record MergePersonsCommand(string Collection, string PersonId, IReadOnlyList<string> PersonIds)
    : ICommand<Result<PersonResult>>
{
    public const int MaxPersons = 100;
}

internal sealed class MergePersonsValidator : AbstractValidator<MergePersonsCommand>
{
    public MergePersonsValidator() => RuleFor(command => command)
        .Must(command => command.PersonIds.Count is > 0 and <= MergePersonsCommand.MaxPersons
            && !command.PersonIds.Any(id => string.IsNullOrEmpty(id) || id == command.PersonId))
        .OverridePropertyName("personIds")
        .WithMessage($"personIds are 1 to {MergePersonsCommand.MaxPersons} ids of other persons, who are merged into this one.");
}

internal sealed class MergePersonsHandler(
    IFaceSearchDbContext db, CollectionResolver collections, ExclusionCache exclusions)
    : ICommandHandler<MergePersonsCommand, Result<PersonResult>>
{
    public async ValueTask<Result<PersonResult>> Handle(
        MergePersonsCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        Error? refused = null;
        await db.InTransactionAsync(
            async () => (refused = await MergeAsync(collection.Value, command, cancellationToken)) is null,
            cancellationToken);
        if (refused is not null)
            return refused;

        exclusions.Forget(collection.Value);
        var person = await db.PersonsOf(collection.Value, command.PersonId).AsNoTracking()
            .ToResults(db).FirstOrDefaultAsync(cancellationToken);
        return person is null ? PersonErrors.NotFound(command.PersonId) : person;
    }

    private async Task<Error?> MergeAsync(long collectionId, MergePersonsCommand command, CancellationToken ct)
    {
        var into = EntityId.Parse(command.PersonId) ?? 0;
        foreach (var id in command.PersonIds.Prepend(command.PersonId).Distinct().Order(StringComparer.Ordinal))
        {
            if (EntityId.Parse(id) is not { } personId || !await db.LockPersonAsync(collectionId, personId, ct))
                return PersonErrors.NotFound(id);
        }

        long[] from = [.. command.PersonIds.Select(EntityId.Parse).OfType<long>().Where(id => id != into).Distinct()];
        await db.Faces
            .Where(face => face.PersonId != null && from.Contains(face.PersonId.Value))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(face => face.PersonId, (long?)into)
                    .SetProperty(face => face.Version, face => face.Version + 1),
                ct);
        await MoveExclusionsAsync(from, into, ct);
        await db.Persons.Where(person => from.Contains(person.Id)).ExecuteDeleteAsync(ct);
        return null;
    }

    private async Task MoveExclusionsAsync(long[] from, long into, CancellationToken ct)
    {
        var known = await db.PersonExclusions
            .Where(exclusion => exclusion.PersonId == into).Select(exclusion => exclusion.FaceId).ToHashSetAsync(ct);
        var moved = await db.PersonExclusions.AsNoTracking()
            .Where(exclusion => from.Contains(exclusion.PersonId)).ToListAsync(ct);
        db.PersonExclusions.AddRange(moved
            .Where(exclusion => known.Add(exclusion.FaceId))
            .Select(exclusion => new PersonExclusion
            {
                PersonId = into, FaceId = exclusion.FaceId, CreatedAt = exclusion.CreatedAt,
            }));
        await db.SaveChangesAsync(ct);
        await db.PersonExclusions.Where(exclusion => from.Contains(exclusion.PersonId)).ExecuteDeleteAsync(ct);
        await db.PersonExclusions
            .Where(exclusion => exclusion.PersonId == into
                && db.Faces.Any(face => face.Id == exclusion.FaceId && face.PersonId == into))
            .ExecuteDeleteAsync(ct);
    }
}
