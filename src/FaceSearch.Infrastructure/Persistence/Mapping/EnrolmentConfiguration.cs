using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal sealed class EnrolmentJobConfiguration : IEntityTypeConfiguration<EnrolmentJob>
{
    public void Configure(EntityTypeBuilder<EnrolmentJob> builder)
    {
        builder.ToTable("enrolment_jobs");
        builder.Property(job => job.Id).ValueGeneratedNever();
        builder.Property(job => job.Kind).HasDefaultValue(EnrolmentJobKind.Archive).HasSentinel(EnrolmentJobKind.Archive);
        builder.Property(job => job.CollectionName).HasMaxLength(Collection.NameMaxLength);
        builder.Property(job => job.Model).HasMaxLength(ColumnSizes.Model);
        builder.Property(job => job.NameEncoding).HasMaxLength(EnrolmentJob.NameEncodingMaxLength);
        builder.Property(job => job.FailureCode).HasMaxLength(EnrolmentItem.ReasonMaxLength);
        builder.Property(job => job.Failure).HasMaxLength(EnrolmentJob.FailureMaxLength);
        builder.Property(job => job.Owner).HasMaxLength(EnrolmentJob.OwnerMaxLength).IsConcurrencyToken();
        builder.Property(job => job.Version).IsConcurrencyToken();
        builder.Property(job => job.Receipt).HasMaxLength(EnrolmentJob.ReceiptMaxLength);
        builder.Property(job => job.LastError).HasMaxLength(EnrolmentJob.ErrorMaxLength);
        builder.HasIndex(job => new { job.State, job.Id });
        builder.HasIndex(job => new { job.StartedBy, job.Id });
        builder.HasIndex(job => new { job.CollectionId, job.DropsArchive });
        builder.HasOne<Collection>().WithMany().HasForeignKey(job => job.CollectionId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ErasedNameConfiguration : IEntityTypeConfiguration<ErasedName>
{
    public void Configure(EntityTypeBuilder<ErasedName> builder)
    {
        builder.ToTable("erased_names");
        builder.HasKey(name => new { name.JobId, name.Hash });
        builder.Property(name => name.Hash).HasMaxLength(ErasedName.HashLength);
        builder.HasOne<EnrolmentJob>().WithMany().HasForeignKey(name => name.JobId);
    }
}

internal sealed class EnrolmentItemConfiguration : IEntityTypeConfiguration<EnrolmentItem>
{
    public void Configure(EntityTypeBuilder<EnrolmentItem> builder)
    {
        builder.ToTable("enrolment_items");
        builder.HasKey(item => new { item.JobId, item.Position });
        builder.HasIndex(item => new { item.JobId, item.Outcome, item.Position });
        builder.HasIndex(item => item.ImageId);
        builder.Property(item => item.Name).HasMaxLength(EnrolmentItem.NameMaxLength);
        builder.Property(item => item.Reason).HasMaxLength(EnrolmentItem.ReasonMaxLength);
        builder.HasOne<EnrolmentJob>().WithMany().HasForeignKey(item => item.JobId);
    }
}
