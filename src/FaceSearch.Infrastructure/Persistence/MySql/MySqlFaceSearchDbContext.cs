using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Images;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;

namespace FaceSearch.Infrastructure.Persistence.MySql;

internal sealed class MySqlFaceSearchDbContext(DbContextOptions<MySqlFaceSearchDbContext> options)
    : FaceSearchDbContext(options)
{
    /// <summary>Names differ when their bytes do: "José" is not "Jose", as on SQLite.</summary>
    private const string ExactCollation = "utf8mb4_bin";

    protected override bool IsUniqueViolation(Exception? exception) =>
        exception is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry };

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasCharSet("utf8mb4");
        modelBuilder.Entity<Person>().Property(person => person.Name).UseCollation(ExactCollation);
        modelBuilder.Entity<Collection>().Property(collection => collection.Name).UseCollation(ExactCollation);
        modelBuilder.Entity<ImageContent>().Property(content => content.Data).HasColumnType("longblob");
    }
}
