using FaceSearch.Domain.Collections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal sealed class CalibrationConfiguration : IEntityTypeConfiguration<CollectionCalibration>
{
    public void Configure(EntityTypeBuilder<CollectionCalibration> builder)
    {
        builder.ToTable("calibrations");
        builder.HasKey(calibration => calibration.CollectionId);
        builder.Property(calibration => calibration.CollectionId).ValueGeneratedNever();
        builder.Property(calibration => calibration.Model).HasMaxLength(ColumnSizes.Model);
        builder.HasOne<Collection>().WithOne().HasForeignKey<CollectionCalibration>(calibration => calibration.CollectionId);
    }
}
