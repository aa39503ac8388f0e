using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Persistence.MySql;

internal static class MySqlBaseline
{
    /// <summary>The oldest supported server. The generated SQL works on newer ones.</summary>
    public static readonly MySqlServerVersion Version = new(new Version(8, 0, 21));
}
