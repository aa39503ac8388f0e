using FaceSearch.Domain.Collections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal sealed class CollectionConfiguration : IEntityTypeConfiguration<Collection>
{
    public void Configure(EntityTypeBuilder<Collection> builder)
    {
        builder.ToTable("collections");
        builder.Property(collection => collection.Name).HasMaxLength(Collection.NameMaxLength);
        builder.Property(collection => collection.Model).HasMaxLength(ColumnSizes.Model);
        builder.HasIndex(collection => collection.Name).IsUnique();
    }
}
