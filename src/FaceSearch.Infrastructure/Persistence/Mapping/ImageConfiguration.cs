using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal sealed class ImageConfiguration : IEntityTypeConfiguration<Image>
{
    public void Configure(EntityTypeBuilder<Image> builder)
    {
        builder.ToTable("images");
        builder.Property(image => image.FileName).HasMaxLength(Image.FileNameMaxLength);
        builder.Property(image => image.Sha256).HasMaxLength(ColumnSizes.Sha256).IsFixedLength();
        builder.HasIndex(image => new { image.CollectionId, image.Sha256 }).IsUnique();
        builder.HasOne<Collection>().WithMany().HasForeignKey(image => image.CollectionId);
        builder.HasOne(image => image.Content).WithOne().HasForeignKey<ImageContent>(content => content.ImageId);

        builder.OwnsOne(image => image.Metadata, metadata =>
        {
            metadata.Property(m => m.CapturedAt).HasColumnName(nameof(ImageMetadata.CapturedAt));
            metadata.Property(m => m.Camera).HasColumnName(nameof(ImageMetadata.Camera))
                .HasMaxLength(ImageMetadata.CameraMaxLength);
            metadata.Property(m => m.Latitude).HasColumnName(nameof(ImageMetadata.Latitude));
            metadata.Property(m => m.Longitude).HasColumnName(nameof(ImageMetadata.Longitude));
        });
        builder.Navigation(image => image.Metadata).IsRequired();
    }
}

internal sealed class ImageContentConfiguration : IEntityTypeConfiguration<ImageContent>
{
    public void Configure(EntityTypeBuilder<ImageContent> builder)
    {
        builder.ToTable("image_contents");
        builder.HasKey(content => content.ImageId);
        builder.Property(content => content.ImageId).ValueGeneratedNever();
    }
}
