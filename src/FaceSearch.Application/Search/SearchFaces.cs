using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Detection;
using FaceSearch.Application.Results;
using Mediator;

namespace FaceSearch.Application.Search;

/// <summary>Identification (1:N): the nearest enrolled faces of every face in the picture.</summary>
/// <param name="Picture">The bytes of the picture file.</param>
public sealed record SearchFacesQuery(string Collection, ReadOnlyMemory<byte> Picture, SearchTerms Terms)
    : IQuery<Result<SearchFacesResult>>, ISearchQuery;

public sealed record SearchFacesResult(
    DetectedPicture Picture, string Model, IReadOnlyList<IdentifiedFace> Faces);

public sealed record IdentifiedFace(DetectedFace Probe, IdentificationResult Found);

internal sealed class SearchFacesValidator : SearchValidator<SearchFacesQuery>;

internal sealed class SearchFacesHandler(
    CollectionResolver collections, IFaceEncoders encoders, Identification identification)
    : IQueryHandler<SearchFacesQuery, Result<SearchFacesResult>>
{
    public async ValueTask<Result<SearchFacesResult>> Handle(
        SearchFacesQuery query, CancellationToken cancellationToken)
    {
        var collection = await collections.FindForSearchAsync(query.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var encoder = collection.Value.Encoder;
        var probes = await encoders.EncodeAsync(encoder, query.Picture, FaceChoice.All, cancellationToken);
        if (probes.Error is { } unreadable)
            return unreadable;

        var picture = probes.Value.Picture;
        var found = await identification.IdentifyAsync(
            collection.Value, probes.Value.Embeddings, query.Terms, cancellationToken);
        return new SearchFacesResult(
            picture, encoder.Model, [.. picture.Faces.Zip(found, (face, of) => new IdentifiedFace(face, of))]);
    }
}
