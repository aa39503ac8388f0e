using System.Data;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.Persistence.Mapping;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;

namespace FaceSearch.Infrastructure.Persistence.MySql;

internal sealed class MySqlFaceSearchDbContext(DbContextOptions<MySqlFaceSearchDbContext> options)
    : FaceSearchDbContext(options)
{
    /// <summary>Texts differ when their bytes do, as on SQLite: "José" is not "Jose", nor "Jose ".</summary>
    private const string ExactCollation = "utf8mb4_0900_bin";

    /// <summary>A locking read sees committed data, not the snapshot of the transaction's start.</summary>
    public override async Task<Collection?> LockCollectionAsync(long collectionId, bool toChange, CancellationToken ct)
    {
        var rows = toChange
            ? Collections.FromSql($"SELECT * FROM collections WHERE Id = {collectionId} FOR UPDATE")
            : Collections.FromSql($"SELECT * FROM collections WHERE Id = {collectionId} FOR SHARE");
        return (await rows.AsNoTracking().ToListAsync(ct)).SingleOrDefault();
    }

    protected override Task<IDbContextTransaction> BeginReadingAsync(CancellationToken ct) =>
        Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);

    protected override bool IsConstraintViolation(Exception? exception) => exception is MySqlException
    {
        ErrorCode: MySqlErrorCode.DuplicateKeyEntry or MySqlErrorCode.NoReferencedRow or MySqlErrorCode.NoReferencedRow2,
    };

    protected override bool IsTransient(Exception exception) => MySqlErrors.Pass(exception);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasCharSet("utf8mb4").UseCollation(ExactCollation);
        // BINARY ends at 255 bytes.
        modelBuilder.Entity<FaceEmbedding>().Property(of => of.Embedding).IsFixedLength(false);
        KeepFloatsInFull(modelBuilder.Entity<Face>());
        modelBuilder.Entity<ImageContent>().Property(content => content.Data).HasColumnType("longblob");
    }

    /// <summary>MySQL returns a FLOAT with six digits; an exact round trip needs nine.</summary>
    private static void KeepFloatsInFull(EntityTypeBuilder<Face> faces)
    {
        faces.Property(face => face.Score).HasConversion<double>();
        faces.OwnsOne(face => face.Quality, quality =>
        {
            quality.Property(q => q.Sharpness).HasConversion<double>();
            quality.Property(q => q.Brightness).HasConversion<double>();
            quality.Property(q => q.Yaw).HasConversion<double>();
            quality.Property(q => q.Pitch).HasConversion<double>();
            quality.Property(q => q.Roll).HasConversion<double>();
        });
    }
}
