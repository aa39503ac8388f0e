using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal sealed class PersonConfiguration : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("persons");
        builder.Property(person => person.Name).HasMaxLength(Person.NameMaxLength);
        builder.HasIndex(person => new { person.CollectionId, person.Name }).IsUnique();
        builder.Property(person => person.Version).IsConcurrencyToken();
        builder.HasOne<Collection>().WithMany().HasForeignKey(person => person.CollectionId);
    }
}

internal sealed class PersonExclusionConfiguration : IEntityTypeConfiguration<PersonExclusion>
{
    public void Configure(EntityTypeBuilder<PersonExclusion> builder)
    {
        builder.ToTable("person_exclusions");
        builder.HasKey(exclusion => new { exclusion.PersonId, exclusion.FaceId });
        builder.HasOne<Person>().WithMany().HasForeignKey(exclusion => exclusion.PersonId);
        builder.HasOne<Face>().WithMany().HasForeignKey(exclusion => exclusion.FaceId);
    }
}
