using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FluentValidation;
using Mediator;

namespace FaceSearch.Application.Search;

/// <summary>Identification (1:N) by an embedding.</summary>
/// <param name="Embedding">By the collection's model: <see cref="Embedding.StandardLength"/> finite floats.</param>
/// <param name="Model">The embedding's model, compared with the collection's; null skips the check.</param>
public sealed record SearchByEmbeddingQuery(
    string Collection, IReadOnlyList<float> Embedding, string? Model, SearchTerms Terms)
    : IQuery<Result<SearchByEmbeddingResult>>, ISearchQuery;

public sealed record SearchByEmbeddingResult(string Model, IdentificationResult Found);

internal sealed class SearchByEmbeddingValidator : SearchValidator<SearchByEmbeddingQuery>
{
    public SearchByEmbeddingValidator() => RuleFor(query => query.Embedding)
        .Must(embedding => embedding.All(float.IsFinite))
        .OverridePropertyName("embedding")
        .WithMessage("embedding holds finite 32-bit floats only.");
}

internal sealed class SearchByEmbeddingHandler(CollectionResolver collections, Identification identification)
    : IQueryHandler<SearchByEmbeddingQuery, Result<SearchByEmbeddingResult>>
{
    public async ValueTask<Result<SearchByEmbeddingResult>> Handle(
        SearchByEmbeddingQuery query, CancellationToken cancellationToken)
    {
        if (query.Embedding.Count != Embedding.StandardLength)
            return SearchErrors.WrongLength(query.Embedding.Count);

        var collection = await collections.FindForSearchAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var model = collection.Value.Encoder.Model;
        if (query.Model is { } made && made != model)
            return SearchErrors.ModelMismatch(model);

        var embedding = new Embedding([.. query.Embedding]);
        var traits = collection.Value.Encoder.Traits;
        if (traits.FindWrongNorm(embedding.Values) is { } norm)
            return SearchErrors.WrongNorm(norm, traits);

        var found = await identification.IdentifyAsync(
            collection.Value, [embedding], query.Terms, cancellationToken);
        return new SearchByEmbeddingResult(model, found[0]);
    }
}
