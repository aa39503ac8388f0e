using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Images;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Persistence;

/// <summary>The one model of both databases. What differs is in the two classes derived from it.</summary>
internal abstract class FaceSearchDbContext(DbContextOptions options) : DbContext(options), IFaceSearchDbContext
{
    public DbSet<Collection> Collections => Set<Collection>();

    public DbSet<Image> Images => Set<Image>();

    public DbSet<Face> Faces => Set<Face>();

    public DbSet<Person> Persons => Set<Person>();

    public DbSet<EnrolmentJob> EnrolmentJobs => Set<EnrolmentJob>();

    public DbSet<EnrolmentItem> EnrolmentItems => Set<EnrolmentItem>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public async Task<bool> TrySaveChangesAsync(CancellationToken ct)
    {
        try
        {
            await SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException exception) when (IsUniqueViolation(exception.InnerException))
        {
            ChangeTracker.Clear();
            return false;
        }
    }

    protected abstract bool IsUniqueViolation(Exception? exception);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(FaceSearchDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<Embedding>().HaveConversion<EmbeddingConverter>();
    }
}
