using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

/// <summary>Every time in the database is UTC; databases do not store the kind, so it is set on reading.</summary>
internal sealed class UtcConverter()
    : ValueConverter<DateTime, DateTime>(
        time => time.ToUniversalTime(), time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
