using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Audit;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Idempotency;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

/// <summary>The one model of both databases. What differs is in the two classes derived from it.</summary>
internal abstract class FaceSearchDbContext(DbContextOptions options) : DbContext(options), IFaceSearchDbContext
{
    public DbSet<Collection> Collections => Set<Collection>();

    public DbSet<Image> Images => Set<Image>();

    public DbSet<ImageContent> ImageContents => Set<ImageContent>();

    public DbSet<Face> Faces => Set<Face>();

    public DbSet<FaceRemoval> FaceRemovals => Set<FaceRemoval>();

    public DbSet<Person> Persons => Set<Person>();

    public DbSet<EnrolmentJob> EnrolmentJobs => Set<EnrolmentJob>();

    public DbSet<EnrolmentItem> EnrolmentItems => Set<EnrolmentItem>();

    public DbSet<ErasedName> ErasedNames => Set<ErasedName>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<ApiKeyCollection> ApiKeyCollections => Set<ApiKeyCollection>();

    public DbSet<PersonExclusion> PersonExclusions => Set<PersonExclusion>();

    public DbSet<FaceTag> FaceTags => Set<FaceTag>();

    public DbSet<FaceEmbedding> FaceEmbeddings => Set<FaceEmbedding>();

    public DbSet<CollectionCalibration> Calibrations => Set<CollectionCalibration>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<IdempotentRequest> IdempotentRequests => Set<IdempotentRequest>();

    public async Task<bool> TrySaveChangesAsync(CancellationToken ct)
    {
        try
        {
            await SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException exception)
            when (exception is DbUpdateConcurrencyException || IsConstraintViolation(exception.InnerException))
        {
            ChangeTracker.Clear();
            return false;
        }
    }

    public Task<bool> InTransactionAsync(Func<Task<bool>> work, CancellationToken ct) =>
        Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                ChangeTracker.Clear();
                using var turn = await WaitForTurnAsync(token);
                await using var transaction = await Database.BeginTransactionAsync(token);
                if (!await work())
                    return false;

                await transaction.CommitAsync(token);
                return true;
            },
            ct);

    public Task ReadSnapshotAsync(Func<Task> work, CancellationToken ct) =>
        Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var transaction = await BeginReadingAsync(token);
                try
                {
                    await work();
                    await transaction.RollbackAsync(token);
                }
                catch (Exception exception) when (IsUnavailable(exception))
                {
                    // The execution strategy does not retry an IOException.
                    throw new IOException("The database failed while it was read.", exception);
                }
            },
            ct);

    public override async Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        // Changes are detected once: each access to the tracked entities would detect them again, and a batch has hundreds.
        ChangeTracker.DetectChanges();
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            using var turn = Database.CurrentTransaction is null ? await WaitForTurnAsync(cancellationToken) : null;
            await AddTombstonesAsync(cancellationToken);
            var models = Entities<Face>(EntityState.Added)
                .Select(face => (face.CollectionId, face.Embeddings.Single().Model)).ToHashSet();
            return models.Count == 0
                ? await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken)
                : await SaveFacesAsync(models, acceptAllChangesOnSuccess, cancellationToken);
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    public virtual Task<bool> TruncateDeletedDataAsync(CancellationToken ct) => Task.FromResult(true);

    public bool IsUnavailable(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (IsTransient(cause))
                return true;
        }

        return false;
    }

    /// <summary>Waits for the writers before. Null where writers don't wait for each other.</summary>
    /// <returns>Dispose it after the change.</returns>
    public virtual Task<IDisposable?> WaitForTurnAsync(CancellationToken ct) => Task.FromResult<IDisposable?>(null);

    /// <summary>A transaction that reads one snapshot and blocks no writer.</summary>
    protected abstract Task<IDbContextTransaction> BeginReadingAsync(CancellationToken ct);

    public abstract Task<Collection?> LockCollectionAsync(long collectionId, bool toChange, CancellationToken ct);

    /// <summary>Whether a unique index or a foreign key forbids a change.</summary>
    protected abstract bool IsConstraintViolation(Exception? exception);

    protected abstract bool IsTransient(Exception exception);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(FaceSearchDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<Embedding>().HaveConversion<EmbeddingConverter>();
    }

    /// <summary>Tombstones for the faces that this save removes, by themselves or with their pictures.</summary>
    private async Task AddTombstonesAsync(CancellationToken ct)
    {
        var removedImages = Entities<Image>(EntityState.Deleted).Select(image => image.Id).ToArray();
        if (removedImages.Length > 0)
            RemoveRange(await Faces.Where(face => removedImages.Contains(face.ImageId)).ToListAsync(ct));

        var buried = ChangeTracker.Entries<FaceRemoval>().Select(entry => entry.Entity.FaceId).ToHashSet();
        FaceRemovals.AddRange(Entities<Face>(EntityState.Deleted).Where(face => !buried.Contains(face.Id)).Select(face => new FaceRemoval
        {
            CollectionId = face.CollectionId,
            FaceId = face.Id,
            RemovedAt = DateTime.UtcNow,
        }));
    }

    /// <summary>
    /// Checks that new faces are of their collection's model. A concurrent change of the model waits for this
    /// transaction, or this one fails.
    /// </summary>
    private async Task<int> SaveFacesAsync(
        IReadOnlyCollection<(long CollectionId, string Model)> models, bool acceptAllChanges, CancellationToken ct)
    {
        if (Database.CurrentTransaction is not null)
        {
            await RequireModelsAsync(models, ct);
            return await base.SaveChangesAsync(acceptAllChanges, ct);
        }

        var saved = await Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var transaction = await Database.BeginTransactionAsync(token);
                await RequireModelsAsync(models, token);
                var rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess: false, token);
                await transaction.CommitAsync(token);
                return rows;
            },
            ct);
        if (acceptAllChanges)
            ChangeTracker.AcceptAllChanges();

        return saved;
    }

    private async Task RequireModelsAsync(
        IReadOnlyCollection<(long CollectionId, string Model)> models, CancellationToken ct)
    {
        foreach (var (collectionId, model) in models.Order())
        {
            var collection = await LockCollectionAsync(collectionId, toChange: false, ct);
            if (collection?.Model != model)
                throw new DbUpdateConcurrencyException("The collection was removed or its model has changed.");
        }
    }

    private T[] Entities<T>(EntityState state)
        where T : class =>
        [.. ChangeTracker.Entries<T>().Where(entry => entry.State == state).Select(entry => entry.Entity)];
}
