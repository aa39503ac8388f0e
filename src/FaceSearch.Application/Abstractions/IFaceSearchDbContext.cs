using FaceSearch.Domain.Access;
using FaceSearch.Domain.Audit;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Idempotency;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Abstractions;

/// <summary>The database as use cases see it. One per scope; not thread-safe.</summary>
public interface IFaceSearchDbContext
{
    DbSet<Collection> Collections { get; }

    DbSet<Image> Images { get; }

    /// <summary>The pictures' bytes, by the ids of their pictures.</summary>
    DbSet<ImageContent> ImageContents { get; }

    DbSet<Face> Faces { get; }

    /// <summary>Saving the removal of a face, or of a picture with its faces, adds the tombstones.</summary>
    DbSet<FaceRemoval> FaceRemovals { get; }

    DbSet<Person> Persons { get; }

    DbSet<EnrolmentJob> EnrolmentJobs { get; }

    DbSet<EnrolmentItem> EnrolmentItems { get; }

    DbSet<ErasedName> ErasedNames { get; }

    DbSet<ApiKey> ApiKeys { get; }

    DbSet<ApiKeyCollection> ApiKeyCollections { get; }

    DbSet<PersonExclusion> PersonExclusions { get; }

    DbSet<FaceTag> FaceTags { get; }

    DbSet<FaceEmbedding> FaceEmbeddings { get; }

    /// <summary>At most one row per collection.</summary>
    DbSet<CollectionCalibration> Calibrations { get; }

    DbSet<AuditEntry> AuditEntries { get; }

    DbSet<IdempotentRequest> IdempotentRequests { get; }

    /// <summary>
    /// Commits everything or nothing. False on a conflict: a unique index was violated, another process owns the job or an erasure has changed it, a
    /// referenced row was removed, or a new face is not of its collection's model. The changes are discarded: read
    /// again and retry.
    /// </summary>
    Task<bool> TrySaveChangesAsync(CancellationToken ct);

    Task<int> SaveChangesAsync(CancellationToken ct);

    /// <summary>
    /// Reads a collection and locks its row until the transaction ends, so its model and generation do not change. Null
    /// when there is none. Only in a transaction.
    /// </summary>
    /// <param name="toChange">True for an exclusive lock, false for a shared one.</param>
    Task<Collection?> LockCollectionAsync(long collectionId, bool toChange, CancellationToken ct);

    /// <summary>
    /// Runs the work in one transaction and commits it when the work returns true. On a transient error of the database
    /// the work is retried from its start, with nothing tracked.
    /// </summary>
    /// <param name="work">Returns whether to commit.</param>
    /// <returns>Whether the work was committed.</returns>
    Task<bool> InTransactionAsync(Func<Task<bool>> work, CancellationToken ct);

    /// <summary>
    /// Removes deleted data from the database's files too. SQLite truncates its write-ahead log. MySQL has no such
    /// command; see docs/mysql.md.
    /// </summary>
    /// <returns>
    /// False on a timeout because of concurrent readers. The next call or the next start truncates the log.
    /// </returns>
    Task<bool> TruncateDeletedDataAsync(CancellationToken ct);

    /// <summary>
    /// Runs the work on one snapshot of the database, while others may change it. It is not retried when the database
    /// fails, as the data that was read may already be sent.
    /// </summary>
    Task ReadSnapshotAsync(Func<Task> work, CancellationToken ct);

    /// <summary>
    /// Whether the error is transient: the database is unreachable, busy or full, and a retry may succeed. Looks at
    /// inner exceptions too.
    /// </summary>
    bool IsUnavailable(Exception exception);
}
