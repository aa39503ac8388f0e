using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Configurations;

internal sealed class FaceConfiguration : IEntityTypeConfiguration<Face>
{
    public void Configure(EntityTypeBuilder<Face> builder)
    {
        builder.ToTable("faces");
        builder.Property(face => face.Embedding).HasMaxLength(ColumnSizes.Embedding).IsFixedLength();
        builder.Property(face => face.Model).HasMaxLength(ColumnSizes.Model);
        builder.ComplexProperty(face => face.Box, box =>
        {
            box.Property(b => b.X).HasColumnName("BoxX");
            box.Property(b => b.Y).HasColumnName("BoxY");
            box.Property(b => b.Width).HasColumnName("BoxWidth");
            box.Property(b => b.Height).HasColumnName("BoxHeight");
            box.Ignore(b => b.Area);
        });

        builder.HasIndex(face => new { face.CollectionId, face.Id });
        builder.HasOne<Collection>().WithMany().HasForeignKey(face => face.CollectionId)
            .OnDelete(DeleteBehavior.Restrict);
        builder.HasOne(face => face.Image).WithMany(image => image.Faces).HasForeignKey(face => face.ImageId);
        builder.HasOne(face => face.Person).WithMany().HasForeignKey(face => face.PersonId)
            .OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class FaceRemovalConfiguration : IEntityTypeConfiguration<FaceRemoval>
{
    public void Configure(EntityTypeBuilder<FaceRemoval> builder) => builder.ToTable("face_removals");
}
