using FaceSearch.Domain.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Configurations;

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.Property(key => key.Name).HasMaxLength(100);
        builder.Property(key => key.Hash).HasMaxLength(ColumnSizes.Sha256).IsFixedLength();
        builder.HasIndex(key => key.Hash).IsUnique();
        builder.HasIndex(key => key.Name).IsUnique();
    }
}
