using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Results;
using FluentValidation;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Search;

/// <summary>Identification (1:N): the nearest enrolled faces of every face in the picture.</summary>
/// <param name="Picture">The bytes of the picture file.</param>
/// <param name="K">At most so many matches a face, 1 to <see cref="SearchLimits.MaxK"/>.</param>
/// <param name="Tolerance">Euclidean distance, above 0, up to <see cref="SearchLimits.MaxTolerance"/>.</param>
public sealed record SearchFacesQuery(string Collection, ReadOnlyMemory<byte> Picture, int K, float Tolerance)
    : IQuery<Result<SearchFacesResult>>;

public sealed record SearchFacesResult(
    DetectedPicture Picture, string Model, IReadOnlyList<IdentifiedFace> Faces);

/// <param name="Matches">Nearest first, ties by face id; empty when nobody is within the tolerance.</param>
public sealed record IdentifiedFace(DetectedFace Probe, IReadOnlyList<Match> Matches);

/// <param name="Rank">1 is the nearest.</param>
public sealed record Match(int Rank, float Distance, long FaceId, long ImageId, string? Person, int? Version);

internal sealed class SearchFacesValidator : AbstractValidator<SearchFacesQuery>
{
    public SearchFacesValidator()
    {
        RuleFor(query => query.K)
            .InclusiveBetween(1, SearchLimits.MaxK)
            .OverridePropertyName("k")
            .WithMessage($"k is a whole number from 1 to {SearchLimits.MaxK}.");
        RuleFor(query => query.Tolerance)
            .Must(tolerance => tolerance is > 0 and <= SearchLimits.MaxTolerance)
            .OverridePropertyName("tolerance")
            .WithMessage($"tolerance is a number above 0, up to {SearchLimits.MaxTolerance}.");
    }
}

internal sealed class SearchFacesHandler(
    IFaceSearchDbContext db, CollectionDirectory collections, IFaceEncoders encoders)
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

        var hits = await collection.Value.Index.SearchAsync(probes.Value.Embeddings, query.K, query.Tolerance);
        var picture = probes.Value.Picture;
        return new SearchFacesResult(
            picture, encoder.Model, await DescribeAsync(picture.Faces, hits, cancellationToken));
    }

    private async Task<IReadOnlyList<IdentifiedFace>> DescribeAsync(
        IReadOnlyList<DetectedFace> probes, IReadOnlyList<IReadOnlyList<FaceMatch>> hits, CancellationToken ct)
    {
        var ids = hits.SelectMany(matches => matches).Select(match => match.FaceId).Distinct().ToArray();
        var known = ids.Length == 0 ? [] : await db.Faces.AsNoTracking()
            .Where(face => ids.Contains(face.Id))
            .Select(face => new KnownFace(face.Id, face.ImageId, face.Person!.Name, face.Image.Version))
            .ToDictionaryAsync(face => face.Id, ct);

        return [.. probes.Zip(hits, (probe, matches) => new IdentifiedFace(probe, Rank(matches, known)))];
    }

    /// <summary>A face that was removed after the index was searched is left out.</summary>
    private static Match[] Rank(IReadOnlyList<FaceMatch> matches, Dictionary<long, KnownFace> known) =>
        [.. matches
            .Where(match => known.ContainsKey(match.FaceId))
            .Select((match, index) => ToMatch(index + 1, match, known[match.FaceId]))];

    private static Match ToMatch(int rank, FaceMatch match, KnownFace face) =>
        new(rank, match.Distance, match.FaceId, face.ImageId, face.Person, face.Version);

    private sealed record KnownFace(long Id, long ImageId, string? Person, int? Version);
}
