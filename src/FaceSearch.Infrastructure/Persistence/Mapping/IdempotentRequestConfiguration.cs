using FaceSearch.Domain.Idempotency;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal sealed class IdempotentRequestConfiguration : IEntityTypeConfiguration<IdempotentRequest>
{
    private const int HeaderMaxLength = 255;

    public void Configure(EntityTypeBuilder<IdempotentRequest> builder)
    {
        builder.ToTable("idempotent_requests");
        builder.HasKey(request => new { request.ApiKeyId, request.Key });
        builder.Property(request => request.Key).HasMaxLength(IdempotentRequest.KeyMaxLength);
        builder.Property(request => request.RequestHash).HasMaxLength(ColumnSizes.Sha256).IsFixedLength();
        builder.Property(request => request.ContentType).HasMaxLength(HeaderMaxLength);
        builder.Property(request => request.Location).HasMaxLength(HeaderMaxLength);
        builder.Property(request => request.ETag).HasMaxLength(HeaderMaxLength);
        builder.HasIndex(request => request.CreatedAt);
    }
}
