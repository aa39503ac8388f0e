using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

/// <summary>
/// Stores times in UTC. A time without a zone, as a row of an import may have, is in UTC and not in the server's zone.
/// Databases do not store <see cref="DateTime.Kind"/>, so reading sets it to UTC.
/// </summary>
internal sealed class UtcConverter()
    : ValueConverter<DateTime, DateTime>(
        time => time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime(),
        time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
