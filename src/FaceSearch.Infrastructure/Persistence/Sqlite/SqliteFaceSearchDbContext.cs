using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteFaceSearchDbContext(DbContextOptions<SqliteFaceSearchDbContext> options)
    : FaceSearchDbContext(options)
{
    private const int ConstraintUnique = 2067;
    private const int ConstraintPrimaryKey = 1555;

    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadWriteFailed = 10;
    private const int Full = 13;

    protected override bool IsUniqueViolation(Exception? exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: ConstraintUnique or ConstraintPrimaryKey };

    protected override bool IsFaultThatPasses(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: Busy or Locked or ReadWriteFailed or Full };
}
