using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Infrastructure.Persistence;

public enum DatabaseProvider
{
    Sqlite = 1,
    MySql = 2,
}

/// <summary>Where the data is kept. Section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>The database file of SQLite; relative to the content root.</summary>
    [Required]
    public string SqliteFile { get; set; } = "data/facesearch.db";

    /// <summary>The connection string of MySQL: <c>Server=…;Database=…;User ID=…;Password=…</c>.</summary>
    public string MySql { get; set; } = string.Empty;

    /// <summary>How long a statement may take, and wait for a lock, in seconds.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 15;
}
