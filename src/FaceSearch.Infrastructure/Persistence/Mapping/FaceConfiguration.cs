using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal sealed class FaceConfiguration : IEntityTypeConfiguration<Face>
{
    public void Configure(EntityTypeBuilder<Face> builder)
    {
        builder.ToTable("faces");
        builder.ComplexProperty(face => face.Box, box =>
        {
            box.Property(b => b.X).HasColumnName("BoxX");
            box.Property(b => b.Y).HasColumnName("BoxY");
            box.Property(b => b.Width).HasColumnName("BoxWidth");
            box.Property(b => b.Height).HasColumnName("BoxHeight");
            box.Ignore(b => b.Area);
        });

        builder.OwnsOne(face => face.Quality, quality =>
        {
            quality.Property(q => q.Sharpness).HasColumnName(nameof(FaceQuality.Sharpness));
            quality.Property(q => q.Brightness).HasColumnName(nameof(FaceQuality.Brightness));
            quality.Property(q => q.Yaw).HasColumnName(nameof(FaceQuality.Yaw));
            quality.Property(q => q.Pitch).HasColumnName(nameof(FaceQuality.Pitch));
            quality.Property(q => q.Roll).HasColumnName(nameof(FaceQuality.Roll));
        });

        builder.Property(face => face.ExternalId).HasMaxLength(Face.ExternalIdMaxLength);
        builder.Property(face => face.Version).IsConcurrencyToken();
        builder.HasIndex(face => new { face.CollectionId, face.Id });
        builder.HasIndex(face => new { face.CollectionId, face.ExternalId }).IsUnique();
        builder.HasIndex(face => new { face.PersonId, face.Id });
        builder.HasOne(face => face.Collection).WithMany().HasForeignKey(face => face.CollectionId)
            .OnDelete(DeleteBehavior.Restrict);
        builder.HasOne(face => face.Image).WithMany(image => image.Faces).HasForeignKey(face => face.ImageId);
        builder.HasOne(face => face.Person).WithMany().HasForeignKey(face => face.PersonId)
            .OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class FaceTagConfiguration : IEntityTypeConfiguration<FaceTag>
{
    public void Configure(EntityTypeBuilder<FaceTag> builder)
    {
        builder.ToTable("face_tags");
        builder.HasKey(tag => new { tag.FaceId, tag.Tag });
        builder.Property(tag => tag.Tag).HasMaxLength(FaceTag.MaxLength);
        builder.HasIndex(tag => new { tag.Tag, tag.FaceId });
        builder.HasOne<Face>().WithMany(face => face.Tags).HasForeignKey(tag => tag.FaceId);
    }
}

/// <summary>The key is also the order of the rows, so a collection's faces are read in one pass of both tables.</summary>
internal sealed class FaceEmbeddingConfiguration : IEntityTypeConfiguration<FaceEmbedding>
{
    public void Configure(EntityTypeBuilder<FaceEmbedding> builder)
    {
        builder.ToTable("face_embeddings");
        builder.HasKey(of => new { of.FaceId, of.Model });
        builder.Property(of => of.Model).HasMaxLength(ColumnSizes.Model);
        builder.Property(of => of.Embedding).HasMaxLength(ColumnSizes.Embedding).IsFixedLength();
        builder.HasOne<Face>().WithMany(face => face.Embeddings).HasForeignKey(of => of.FaceId);
    }
}

internal sealed class FaceRemovalConfiguration : IEntityTypeConfiguration<FaceRemoval>
{
    public void Configure(EntityTypeBuilder<FaceRemoval> builder)
    {
        builder.ToTable("face_removals");
        builder.HasIndex(removal => new { removal.CollectionId, removal.RemovedAt });
    }
}
