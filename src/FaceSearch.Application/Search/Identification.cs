using System.Diagnostics;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Telemetry;
using FaceSearch.Domain.Faces;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Search;

/// <summary>The steps that all searches share: from probes and terms to described matches. One per scope.</summary>
internal sealed class Identification(
    IFaceSearchDbContext db,
    IFaceDistances distances,
    ExclusionCache book,
    FaceSearchMetrics metrics,
    IOptions<SearchOptions> options)
{
    /// <param name="probes">Made with the encoder of the collection's index.</param>
    /// <returns>One answer per probe, in order.</returns>
    public async ValueTask<IReadOnlyList<IdentificationResult>> IdentifyAsync(
        CollectionContext collection, IReadOnlyList<Embedding> probes, SearchTerms terms, CancellationToken ct)
    {
        if (probes.Count == 0)
            return [];

        var filter = await FindFilterAsync(collection, probes, terms, ct);
        var started = Stopwatch.GetTimestamp();
        var hits = terms.GroupByPerson
            ? await new PersonGrouping(db, collection, filter, options.Value).FindAsync(probes, terms, ct)
            : [.. (await collection.Index.SearchAsync(
                probes, terms.K, terms.Tolerance, filter.FilterFor([.. Enumerable.Range(0, probes.Count)]), ct))
                .Select(matches => new FoundFaces(matches, IsTruncated: false))];

        metrics.RecordSearch(Stopwatch.GetElapsedTime(started));
        var known = await db.DescribeAsync(hits.SelectMany(faces => faces.Matches).Select(match => match.FaceId), ct);
        return [.. hits.Select((found, probe) => Describe(probe, found, filter, known, terms.GroupByPerson))];
    }

    private async ValueTask<MatchFilter> FindFilterAsync(
        CollectionContext collection, IReadOnlyList<Embedding> probes, SearchTerms terms, CancellationToken ct)
    {
        var exclusions = await book.GetAsync(db, collection.Id, ct);
        var allowed = await db.FindAllowedAsync(collection.Id, terms, ct);
        if (exclusions.IsEmpty)
            return allowed is null ? MatchFilter.None : new MatchFilter(allowed, exclusions, [], MatchFilter.NoFaces);

        var tolerance = options.Value.ExclusionTolerance;
        HashSet<long>[] refused =
            [.. probes.Select(probe => exclusions.PersonsRefusedTo(probe, collection.Index.Model, tolerance, distances))];
        var faces = await db.FindFacesOfAsync(collection.Id, [.. refused.SelectMany(persons => persons).Distinct()], ct);
        return new MatchFilter(allowed, exclusions, refused, faces);
    }

    /// <summary>A face that was removed or refused after the index was searched is left out.</summary>
    private static IdentificationResult Describe(
        int probe,
        FoundFaces found,
        MatchFilter filter,
        IReadOnlyDictionary<long, MatchedFace> known,
        bool group)
    {
        var matches = new List<Match>(found.Matches.Count);
        foreach (var hit in found.Matches)
        {
            if (!known.TryGetValue(hit.FaceId, out var face))
                continue;

            var owned = Owned(face, filter);
            if (!filter.Refuses(probe, owned.PersonId))
                matches.Add(new Match(matches.Count + 1, hit.Distance, owned));
        }

        return new IdentificationResult(matches, group ? Group(matches) : null, found.IsTruncated);
    }

    private static MatchedFace Owned(MatchedFace face, MatchFilter filter) =>
        filter.OwnerOf(face.FaceId, face.PersonId) == face.PersonId ? face : face with { PersonId = null, Person = null };

    private static MatchGroup[] Group(IEnumerable<Match> matches) =>
        [.. matches
            .GroupBy(match => PersonGrouping.KeyOf(match.Face.FaceId, match.Face.PersonId))
            .Select(group => new MatchGroup(group.First().Face.PersonId, group.First().Face.Person, [.. group]))];
}
