using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal sealed class ApiKeyConfiguration : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.Property(key => key.Name).HasMaxLength(ApiKey.NameMaxLength);
        builder.Property(key => key.Hash).HasMaxLength(ColumnSizes.Sha256).IsFixedLength();
        builder.HasIndex(key => key.Hash).IsUnique();
        builder.HasIndex(key => key.Name).IsUnique();
    }
}

internal sealed class ApiKeyCollectionConfiguration : IEntityTypeConfiguration<ApiKeyCollection>
{
    public void Configure(EntityTypeBuilder<ApiKeyCollection> builder)
    {
        builder.ToTable("api_key_collections");
        builder.HasKey(bound => new { bound.ApiKeyId, bound.CollectionId });
        builder.HasOne<ApiKey>().WithMany(key => key.Collections).HasForeignKey(bound => bound.ApiKeyId);
        builder.HasOne<Collection>().WithMany().HasForeignKey(bound => bound.CollectionId);
    }
}
