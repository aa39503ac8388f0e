using System.Globalization;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FaceSearch.Application.Enrolment;

/// <summary>What happens to a face that is almost the same as an enrolled one.</summary>
public enum NearDuplicates
{
    /// <summary>It is enrolled, and the answer warns of it.</summary>
    Warn,

    /// <summary>It is not enrolled.</summary>
    Refuse,

    /// <summary>The check is skipped.</summary>
    Ignore,
}

/// <summary>The enrolled face that a new one is almost the same as.</summary>
/// <param name="Person">The name of the enrolled face's person; null when it has none.</param>
/// <param name="Distance">Euclidean.</param>
public sealed record NearDuplicate(long EnrolledFaceId, string? Person, float Distance)
{
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"Already enrolled as face {EnrolledFaceId} at distance {Distance:0.000}.");
}

/// <summary>
/// Searches new faces among the enrolled ones. It is not a constraint: two faces that are enrolled at the same time are
/// not compared.
/// </summary>
internal sealed class NearDuplicateFinder(IFaceSearchDbContext db, IOptions<EnrolmentOptions> options)
{
    /// <summary>For each face the nearest enrolled one that is near enough, or null; in order.</summary>
    public async Task<IReadOnlyList<NearDuplicate?>> FindAsync(
        CollectionContext collection, IReadOnlyList<Embedding> faces, CancellationToken ct)
    {
        var near = options.Value.NearDuplicateDistance ?? collection.Encoder.Traits.NearDuplicateDistance;
        var hits = await collection.Index.SearchAsync(faces, 1, near, filter: null, ct);
        var ids = hits.SelectMany(matches => matches).Select(match => match.FaceId).Distinct().ToArray();
        var persons = ids.Length == 0 ? [] : await db.Faces.AsNoTracking()
            .Where(face => ids.Contains(face.Id))
            .Select(face => new { face.Id, face.Person!.Name })
            .ToDictionaryAsync(face => face.Id, face => (string?)face.Name, ct);

        return [.. hits.Select(matches => matches is [var nearest] && persons.TryGetValue(nearest.FaceId, out var person)
            ? new NearDuplicate(nearest.FaceId, person, nearest.Distance)
            : null)];
    }
}
