using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Paging;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <summary>A collection's persons in ordinal order of their names.</summary>
/// <param name="NamePrefix">Only persons whose names begin with it, case-sensitive; all when null.</param>
/// <param name="IsWholeName">Whether the prefix is the whole name.</param>
public sealed record ListPersonsQuery(string Collection, string? NamePrefix, bool IsWholeName, string? Cursor, int Limit)
    : IQuery<Result<Page<PersonResult>>>
{
    public string? NamePrefix { get; } = IsWholeName ? FieldText.Normalize(NamePrefix) : FieldText.Compose(NamePrefix);

    internal ListCursors Cursors => new("persons", Collection, NamePrefix, IsWholeName.ToString());
}

internal sealed class ListPersonsValidator : AbstractValidator<ListPersonsQuery>
{
    public ListPersonsValidator()
    {
        RuleFor(query => query.Limit).IsLimit();
        RuleFor(query => query.Cursor).IsCursor(query => query.Cursors, key => key.Length is > 0 and <= Person.NameMaxLength);
        RuleFor(query => query.NamePrefix)
            .NotNull().When(query => query.IsWholeName)
            .OverridePropertyName("name")
            .WithMessage("exact=true needs the name of the person.");
        RuleFor(query => query.NamePrefix)
            .MaximumLength(Person.NameMaxLength)
            .OverridePropertyName("name")
            .WithMessage($"name is what the names begin with, at most {Person.NameMaxLength} characters.");
    }
}

internal sealed class ListPersonsHandler(IFaceSearchDbContext db, CollectionResolver collections)
    : IQueryHandler<ListPersonsQuery, Result<Page<PersonResult>>>
{
    /// <summary>The greatest character: both databases order texts by their bytes.</summary>
    private const string Greatest = "\U0010FFFF";

    public async ValueTask<Result<Page<PersonResult>>> Handle(
        ListPersonsQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var persons = db.Persons.AsNoTracking().Where(person => person.CollectionId == collection.Value);
        if (query.IsWholeName)
        {
            persons = persons.Where(person => person.Name == query.NamePrefix);
        }
        else if (query.NamePrefix is { Length: > 0 } first)
        {
            // Not LIKE: SQLite's takes upper and lower case for the same, and its pattern would need escaping.
            var last = first + Greatest;
            persons = persons.Where(
                person => string.Compare(person.Name, first) >= 0 && string.Compare(person.Name, last) <= 0);
        }

        if (query.Cursor is { } cursor)
        {
            var before = ListCursors.KeyOf(cursor);
            persons = persons.Where(person => string.Compare(person.Name, before) > 0);
        }

        var rows = await persons.OrderBy(person => person.Name).Take(query.Limit + 1)
            .ToResults(db).ToListAsync(cancellationToken);
        return Page.Of(rows, query.Limit, query.Cursors, person => person.Name);
    }
}
