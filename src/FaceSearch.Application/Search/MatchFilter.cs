using FaceSearch.Application.Abstractions;

namespace FaceSearch.Application.Search;

/// <summary>Which enrolled faces may match which probe of one search. Immutable, so any thread may ask.</summary>
internal sealed class MatchFilter
{
    public static readonly ILookup<long, long> NoFaces = Enumerable.Empty<long>().ToLookup(id => id);

    /// <summary>Every face may match.</summary>
    public static readonly MatchFilter None = new(null, Exclusions.None, [], NoFaces);

    private readonly IReadOnlySet<long>? allowed;
    private readonly Exclusions exclusions;
    private readonly IReadOnlyList<IReadOnlySet<long>> refusedPersons;
    private readonly IReadOnlyList<IReadOnlySet<long>> refusedFaces;

    /// <param name="allowed">The faces that the filters allow; null when they allow all.</param>
    /// <param name="refusedPersons">For each probe the persons it must not be answered with.</param>
    /// <param name="facesOf">The faces of the refused persons.</param>
    public MatchFilter(
        IReadOnlySet<long>? allowed,
        Exclusions exclusions,
        IReadOnlyList<IReadOnlySet<long>> refusedPersons,
        ILookup<long, long> facesOf)
    {
        (this.allowed, this.exclusions, this.refusedPersons) = (allowed, exclusions, refusedPersons);
        refusedFaces = [.. refusedPersons.Select(persons => persons.SelectMany(person => facesOf[person]).ToHashSet())];
    }

    /// <summary>The filter of a pass over these probes; null when every face may match.</summary>
    /// <param name="probes">Their indexes in the search.</param>
    /// <param name="only">For each of these probes the faces that may match; null for all.</param>
    public FaceFilter? FilterFor(IReadOnlyList<int> probes, IReadOnlyList<IReadOnlySet<long>>? only = null)
    {
        var refused = refusedFaces.All(faces => faces.Count == 0) ? null : probes.Select(probe => refusedFaces[probe]).ToArray();
        return allowed is null && only is null && refused is null ? null : new FaceFilter(allowed, only, refused);
    }

    /// <summary>The face's person for a search; null when the face is excluded from that person.</summary>
    public long? OwnerOf(long faceId, long? personId) => exclusions.Contains(personId, faceId) ? null : personId;

    /// <summary>
    /// Whether a face, as the database has it now, must not match this probe: it may have been assigned to a refused
    /// person after the filter was created.
    /// </summary>
    public bool Refuses(int probe, long? personId) =>
        refusedPersons.Count > 0 && personId is { } person && refusedPersons[probe].Contains(person);
}
