using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>What an import has stored so far. The job itself counts the pictures.</summary>
/// <param name="Persons">Persons added, without those of the same names that existed before.</param>
/// <param name="Conflicts">Faces that were stored without their external ids.</param>
/// <param name="FirstConflicts">
/// The first <see cref="ImportTally.MaxConflicts"/> of them, without those whose external id no face has any more.
/// </param>
public sealed record ImportResult(
    long Faces, long Persons, long Conflicts, IReadOnlyList<LostExternalId> FirstConflicts)
{
    /// <summary>Without the conflicts themselves, which need the database.</summary>
    internal static ImportResult Of(EnrolmentJob job)
    {
        var tally = ImportTally.Of(job);
        return new ImportResult(tally.Faces, tally.Persons, tally.Conflicts, []);
    }

    internal static async Task<ImportResult> FindAsync(IFaceSearchDbContext db, EnrolmentJob job, CancellationToken ct)
    {
        var tally = ImportTally.Of(job);
        var holders = tally.First.Select(pair => pair.HolderId).Distinct().ToArray();
        var externalIds = await db.Faces
            .Where(face => holders.Contains(face.Id) && face.ExternalId != null)
            .ToDictionaryAsync(face => face.Id, face => face.ExternalId!, ct);
        return Of(job) with
        {
            FirstConflicts =
            [
                .. tally.First.Where(pair => externalIds.ContainsKey(pair.HolderId))
                    .Select(pair => new LostExternalId(pair.FaceId, externalIds[pair.HolderId], pair.HolderId)),
            ],
        };
    }
}

/// <param name="EnrolledFaceId">The face that has the external id.</param>
public sealed record LostExternalId(long FaceId, string ExternalId, long EnrolledFaceId);
