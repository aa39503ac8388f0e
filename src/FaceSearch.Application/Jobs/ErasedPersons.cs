using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Jobs;

/// <summary>The persons who were erased since a job was queued. Read it in the transaction of each batch.</summary>
internal sealed class ErasedPersons
{
    private readonly Guid jobId;
    private readonly HashSet<string> hashes;

    private ErasedPersons(Guid jobId, HashSet<string> hashes) => (this.jobId, this.hashes) = (jobId, hashes);

    public static async Task<ErasedPersons> FindAsync(IFaceSearchDbContext db, Guid jobId, CancellationToken ct) => new(
        jobId,
        await db.ErasedNames.AsNoTracking().Where(name => name.JobId == jobId)
            .Select(name => name.Hash).ToHashSetAsync(StringComparer.Ordinal, ct));

    /// <summary>False for null.</summary>
    public bool Contain(string? name) =>
        hashes.Count > 0 && name is not null && hashes.Contains(ErasedName.HashOf(jobId, name));
}
