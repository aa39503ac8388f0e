using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;
using FluentValidation;

namespace FaceSearch.Application.Search;

/// <summary>The terms of a search, for all kinds of probes.</summary>
/// <param name="K">
/// The largest number of matches per probe, 1 to <see cref="SearchLimits.MaxK"/>; of groups when grouped.
/// </param>
/// <param name="Tolerance">Euclidean distance, above 0, up to <see cref="SearchLimits.MaxTolerance"/>.</param>
public sealed record SearchTerms(int K, float Tolerance)
{
    /// <summary>Names: only faces of these persons match, and of <see cref="PersonIds"/>; all faces when both are empty.</summary>
    public IReadOnlyList<string> Persons { get; init => field = [.. value.Select(FieldText.Normalize)!]; } = [];

    /// <summary>Ids: only faces of these persons match, and of <see cref="Persons"/>; all faces when both are empty.</summary>
    public IReadOnlyList<string> PersonIds { get; init; } = [];

    /// <summary>A face matches only if it has all of these.</summary>
    public IReadOnlyList<string> Tags { get; init => field = [.. value.Select(FieldText.Normalize)!]; } = [];

    /// <summary>Put the faces of one person together; <see cref="K"/> then counts persons.</summary>
    public bool GroupByPerson { get; init; }
}

/// <summary>A search, for all kinds of probes.</summary>
public interface ISearchQuery
{
    string Collection { get; }

    SearchTerms Terms { get; }
}

internal abstract class SearchValidator<TQuery> : AbstractValidator<TQuery>
    where TQuery : ISearchQuery
{
    protected SearchValidator()
    {
        RuleFor(query => query.Terms.K)
            .InclusiveBetween(1, SearchLimits.MaxK)
            .OverridePropertyName("k")
            .WithMessage($"k is a whole number from 1 to {SearchLimits.MaxK}.");
        RuleFor(query => query.Terms.Tolerance)
            .Must(tolerance => tolerance is > 0 and <= SearchLimits.MaxTolerance)
            .OverridePropertyName("tolerance")
            .WithMessage($"tolerance is a number above 0, up to {SearchLimits.MaxTolerance}.");
        RuleFor(query => query.Terms.Persons)
            .Must(names => names.Count <= SearchLimits.MaxPersons && names.All(name => FieldText.IsValid(name, Person.NameMaxLength)))
            .OverridePropertyName("person")
            .WithMessage($"person is a name of 1 to {Person.NameMaxLength} characters; at most {SearchLimits.MaxPersons} of them. Give ids as personId.");
        RuleFor(query => query.Terms.PersonIds)
            .Must(ids => ids.Count <= SearchLimits.MaxPersons && ids.All(id => EntityId.Parse(id) is not null))
            .OverridePropertyName("personId")
            .WithMessage($"personId is the id of a person; at most {SearchLimits.MaxPersons} of them. Give names as person.");
        RuleFor(query => query.Terms.Tags)
            .Must(tags => tags.Count <= SearchLimits.MaxTags && tags.All(tag => FieldText.IsValid(tag, FaceTag.MaxLength)))
            .OverridePropertyName("tag")
            .WithMessage($"tag has 1 to {FaceTag.MaxLength} characters; at most {SearchLimits.MaxTags} of them.");
    }
}
