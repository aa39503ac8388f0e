using FaceSearch.Infrastructure.Persistence.MySql;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace FaceSearch.Infrastructure.Persistence;

/// <summary>What <c>dotnet ef migrations add</c> uses; it opens no connection.</summary>
internal sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteFaceSearchDbContext>
{
    public SqliteFaceSearchDbContext CreateDbContext(string[] args) =>
        new(
            new DbContextOptionsBuilder<SqliteFaceSearchDbContext>().UseSqlite("Data Source=:memory:").Options,
            new SqliteWriteQueue(Timeout.InfiniteTimeSpan));
}

/// <inheritdoc cref="SqliteDesignTimeFactory"/>
internal sealed class MySqlDesignTimeFactory : IDesignTimeDbContextFactory<MySqlFaceSearchDbContext>
{
    public MySqlFaceSearchDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<MySqlFaceSearchDbContext>()
            .UseMySql("Server=localhost", MySqlBaseline.Version).Options);
}
