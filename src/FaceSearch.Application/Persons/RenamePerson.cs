using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <summary>Renames a person. The name must be unique in the collection.</summary>
/// <param name="ExpectedTags">The tags of the person that the caller accepts; null skips the check.</param>
public sealed record RenamePersonCommand(string Collection, string PersonId, string? Name, IReadOnlyList<string>? ExpectedTags)
    : ICommand<Result<PersonResult>>
{
    public string? Name { get; } = FieldText.Normalize(Name);
}

internal sealed class RenamePersonValidator : AbstractValidator<RenamePersonCommand>
{
    public RenamePersonValidator() => RuleFor(command => command.Name)
        .Must(name => FieldText.IsValid(name, Person.NameMaxLength))
        .OverridePropertyName("name")
        .WithMessage($"name is a text of {FieldText.RuleOf(Person.NameMaxLength)}.");
}

internal sealed class RenamePersonHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : ICommandHandler<RenamePersonCommand, Result<PersonResult>>
{
    public async ValueTask<Result<PersonResult>> Handle(
        RenamePersonCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var name = command.Name!;
        while (true)
        {
            var person = await db.PersonsOf(collection.Value, command.PersonId).FirstOrDefaultAsync(cancellationToken);
            if (person is null)
                return PersonErrors.NotFound(command.PersonId);
            if (command.ExpectedTags is { } expected && !expected.Contains(await db.TagOfAsync(person, person.Version, cancellationToken)))
                return CommonErrors.Changed;

            var namesake = await db.Persons
                .Where(other => other.CollectionId == collection.Value && other.Name == name && other.Id != person.Id)
                .Select(other => (long?)other.Id)
                .FirstOrDefaultAsync(cancellationToken);
            if (namesake is { } taken)
                return PersonErrors.Exists(taken);

            if (person.Name != name)
            {
                person.Name = name;
                person.Version++;
            }

            // Concurrency conflict: retry.
            if (await db.TrySaveChangesAsync(cancellationToken))
                return await db.PersonsOf(collection.Value, command.PersonId).AsNoTracking()
                    .ToResults(db).FirstAsync(cancellationToken);
        }
    }
}
