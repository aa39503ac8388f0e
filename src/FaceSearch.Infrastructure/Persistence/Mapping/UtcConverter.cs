using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

/// <summary>Stores times in UTC. Databases do not store <see cref="DateTime.Kind"/>, so reading sets it to UTC.</summary>
internal sealed class UtcConverter()
    : ValueConverter<DateTime, DateTime>(
        time => time.ToUniversalTime(), time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
