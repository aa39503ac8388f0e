using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Infrastructure.Persistence.MySql;

internal static class MySqlBaseline
{
    /// <summary>The oldest server whose SQL is written; newer ones understand it.</summary>
    public static readonly MySqlServerVersion Version = new(new Version(8, 0, 21));
}
