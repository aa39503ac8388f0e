using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Configurations;

internal sealed class PersonConfiguration : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("persons");
        builder.Property(person => person.Name).HasMaxLength(Person.NameMaxLength);
        builder.HasIndex(person => new { person.CollectionId, person.Name }).IsUnique();
        builder.HasOne<Collection>().WithMany().HasForeignKey(person => person.CollectionId);
    }
}
