using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteFaceSearchDbContext(DbContextOptions<SqliteFaceSearchDbContext> options)
    : FaceSearchDbContext(options)
{
    private const int ConstraintUnique = 2067;
    private const int ConstraintPrimaryKey = 1555;

    protected override bool IsUniqueViolation(Exception? exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: ConstraintUnique or ConstraintPrimaryKey };
}
