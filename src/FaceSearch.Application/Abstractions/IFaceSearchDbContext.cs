using FaceSearch.Domain.Access;
using FaceSearch.Domain.Audit;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Idempotency;
using FaceSearch.Domain.Images;
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

    /// <summary>Saving the removal of a face, or of a picture with its faces, adds the tombstones by itself.</summary>
    DbSet<FaceRemoval> FaceRemovals { get; }

    DbSet<Person> Persons { get; }

    DbSet<EnrolmentJob> EnrolmentJobs { get; }

    DbSet<EnrolmentItem> EnrolmentItems { get; }

    DbSet<ApiKey> ApiKeys { get; }

    DbSet<ApiKeyCollection> ApiKeyCollections { get; }

    DbSet<PersonExclusion> PersonExclusions { get; }

    DbSet<FaceTag> FaceTags { get; }

    DbSet<ShadowEmbedding> ShadowEmbeddings { get; }

    DbSet<AuditEntry> AuditEntries { get; }

    DbSet<IdempotentRequest> IdempotentRequests { get; }

    /// <summary>
    /// Commits everything or nothing. False when a unique index refuses, a job has changed hands, something that is
    /// referred to has been removed, or a new face is not of its collection's model: somebody else was faster. The changes
    /// are forgotten, look again.
    /// </summary>
    Task<bool> TrySaveChangesAsync(CancellationToken ct);

    Task<int> SaveChangesAsync(CancellationToken ct);

    /// <summary>
    /// Reads a collection and keeps it, its model and its generation as they are until the transaction ends, or anybody
    /// else from reading it so. Null when there is none. Only in a transaction.
    /// </summary>
    /// <param name="toChange">Nobody else may hold it meanwhile.</param>
    Task<Collection?> HoldCollectionAsync(long collectionId, bool toChange, CancellationToken ct);

    /// <summary>
    /// Runs the work in one transaction and commits it when the work says so. It is run again from its start, with
    /// nothing tracked, when the database fails in passing.
    /// </summary>
    /// <param name="work">Answers whether to commit.</param>
    /// <returns>Whether the work was committed.</returns>
    Task<bool> InTransactionAsync(Func<Task<bool>> work, CancellationToken ct);

    /// <summary>
    /// Makes what was deleted leave the database's own files too, as far as it can be told to: SQLite empties its
    /// write-ahead log. MySQL can't be told; see docs/mysql.md.
    /// </summary>
    /// <returns>False when others kept it from that for too long; it happens at the next time, or at the next start.</returns>
    Task<bool> ScrubAsync(CancellationToken ct);

    /// <summary>
    /// All that the work reads is of one moment, while others go on changing it. It is not run again when the database
    /// fails: what has been read has gone on its way.
    /// </summary>
    Task ReadAtOneMomentAsync(Func<Task> work, CancellationToken ct);

    /// <summary>
    /// Whether the database is away, busy or full, so that the same may work later. Looks at inner exceptions too.
    /// </summary>
    bool IsUnavailable(Exception exception);
}
