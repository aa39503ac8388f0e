using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FaceSearch.Infrastructure.Persistence;

/// <summary>Every time in the database is UTC; databases forget that, so it is put back when read.</summary>
internal sealed class UtcConverter()
    : ValueConverter<DateTime, DateTime>(
        time => time.ToUniversalTime(), time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
