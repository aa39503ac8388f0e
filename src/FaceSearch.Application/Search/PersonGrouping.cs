using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Search;

/// <summary>
/// Finds the k nearest persons of each probe, and then all their faces: it searches for more faces until they have k
/// persons or there are no more faces. A face without a person counts as one person. The answer is exact unless a limit
/// cuts it, which it says: the faces searched and the faces answered are limited, and shared evenly by the probes.
/// </summary>
internal sealed class PersonGrouping(
    IFaceSearchDbContext db, CollectionContext collection, MatchFilter filter, SearchOptions limits)
{
    /// <summary>Most persons have several faces.</summary>
    private const int FirstFacesAPerson = 4;

    private const int Growth = 8;

    private readonly Dictionary<long, long?> owners = [];

    /// <summary>The key of a face's group: its person, or the face itself when it has none.</summary>
    public static (bool IsPerson, long Id) KeyOf(long faceId, long? personId) =>
        personId is { } person ? (true, person) : (false, faceId);

    /// <summary>
    /// For each probe the faces of its groups, nearest first, of each group <see cref="SearchLimits.MaxGroupMatches"/>
    /// at most.
    /// </summary>
    public async Task<IReadOnlyList<FoundFaces>> FindAsync(
        IReadOnlyList<Embedding> probes, SearchTerms terms, CancellationToken ct)
    {
        var deepest = Math.Max(terms.K, limits.MaxGroupingDepth / probes.Count);
        var answers = new FoundFaces[probes.Count];
        var incomplete = new Dictionary<int, HashSet<(bool, long)>>();
        int[] open = [.. Enumerable.Range(0, probes.Count)];
        for (var depth = FirstFacesAPerson * terms.K; open.Length > 0; depth *= Growth)
        {
            depth = Math.Min(depth, deepest);
            var hits = await SearchAsync(probes, open, depth, terms.Tolerance, only: null, ct);
            foreach (var (probe, matches) in open.Zip(hits))
            {
                var groups = NearestGroups(matches, terms.K);
                if (matches.Count < depth)
                    answers[probe] = Keep(matches, groups, isTruncated: false);
                else if (groups.Count < terms.K && depth == deepest)
                    answers[probe] = Keep(matches, groups, isTruncated: true);
                else if (groups.Count == terms.K)
                    incomplete.Add(probe, groups);
            }

            open = Array.FindAll(open, probe => answers[probe] is null && !incomplete.ContainsKey(probe));
        }

        await CompleteAsync(probes, terms.Tolerance, deepest, incomplete, answers, ct);
        var most = Math.Max(1, limits.MaxGroupedFaces / probes.Count);
        return [.. answers.Select(answer => answer.Take(most))];
    }

    /// <summary>Adds the missing faces of the groups whose persons are known.</summary>
    private async Task CompleteAsync(
        IReadOnlyList<Embedding> probes,
        float tolerance,
        int deepest,
        Dictionary<int, HashSet<(bool IsPerson, long Id)>> incomplete,
        FoundFaces[] answers,
        CancellationToken ct)
    {
        if (incomplete.Count == 0)
            return;

        var persons = incomplete.Values.SelectMany(groups => groups).Where(group => group.IsPerson).Select(group => group.Id);
        var facesOf = await db.FindFacesOfAsync(collection.Id, [.. persons.Distinct()], ct);
        int[] places = [.. incomplete.Keys];
        HashSet<long>[] members = [.. places.Select(probe => incomplete[probe]
            .SelectMany(group => group.IsPerson ? facesOf[group.Id] : [group.Id])
            .ToHashSet())];

        var hits = await SearchAsync(probes, places, deepest, tolerance, members, ct);
        foreach (var (probe, matches) in places.Zip(hits))
            answers[probe] = Keep(matches, incomplete[probe], matches.Count == deepest);
    }

    private async Task<IReadOnlyList<IReadOnlyList<FaceMatch>>> SearchAsync(
        IReadOnlyList<Embedding> probes,
        int[] places,
        int depth,
        float tolerance,
        IReadOnlyList<IReadOnlySet<long>>? only,
        CancellationToken ct)
    {
        var hits = await collection.Index.SearchAsync(
            [.. places.Select(probe => probes[probe])], depth, tolerance, filter.FilterFor(places, only), ct);
        var fresh = hits.SelectMany(matches => matches).Select(match => match.FaceId).Where(id => !owners.ContainsKey(id));
        await db.AddOwnersAsync(owners, fresh.Distinct().ToArray(), ct);
        return hits;
    }

    private HashSet<(bool, long)> NearestGroups(IReadOnlyList<FaceMatch> matches, int k)
    {
        var groups = new HashSet<(bool, long)>();
        foreach (var match in matches)
        {
            if (groups.Count == k)
                break;
            if (GroupOf(match) is { } group)
                groups.Add(group);
        }

        return groups;
    }

    private FoundFaces Keep(IReadOnlyList<FaceMatch> matches, HashSet<(bool, long)> groups, bool isTruncated)
    {
        var counts = new Dictionary<(bool, long), int>();
        var kept = new List<FaceMatch>();
        foreach (var match in matches)
        {
            if (GroupOf(match) is not { } group || !groups.Contains(group))
                continue;

            counts[group] = counts.GetValueOrDefault(group) + 1;
            if (counts[group] <= SearchLimits.MaxGroupMatches)
                kept.Add(match);
        }

        return new FoundFaces(kept, isTruncated);
    }

    /// <summary>Null when the face was removed.</summary>
    private (bool, long)? GroupOf(FaceMatch match) => owners.TryGetValue(match.FaceId, out var owner)
        ? KeyOf(match.FaceId, filter.OwnerOf(match.FaceId, owner))
        : null;
}

/// <param name="Matches">Nearest first.</param>
/// <param name="IsTruncated">Groups, or faces of them, are missing because of the limits.</param>
internal sealed record FoundFaces(IReadOnlyList<FaceMatch> Matches, bool IsTruncated)
{
    public FoundFaces Take(int most) => Matches.Count <= most ? this : new([.. Matches.Take(most)], true);
}
