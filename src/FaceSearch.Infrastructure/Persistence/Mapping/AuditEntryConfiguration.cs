using FaceSearch.Domain.Audit;
using FaceSearch.Domain.Collections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

/// <summary>No foreign keys: entries outlive deleted rows.</summary>
internal sealed class AuditEntryConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries");
        builder.Property(entry => entry.Action).HasMaxLength(AuditEntry.ActionMaxLength);
        builder.Property(entry => entry.Collection).HasMaxLength(Collection.NameMaxLength);
        builder.Property(entry => entry.Subject).HasMaxLength(AuditEntry.SubjectMaxLength);
        builder.HasIndex(entry => entry.At);
    }
}
