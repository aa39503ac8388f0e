using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Images;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Abstractions;

/// <summary>The database as use cases see it. One per scope; not thread-safe.</summary>
public interface IFaceSearchDbContext
{
    DbSet<Collection> Collections { get; }

    DbSet<Image> Images { get; }

    DbSet<Face> Faces { get; }

    DbSet<Person> Persons { get; }

    DbSet<EnrolmentJob> EnrolmentJobs { get; }

    DbSet<EnrolmentItem> EnrolmentItems { get; }

    DbSet<ApiKey> ApiKeys { get; }

    /// <summary>
    /// Commits everything or nothing. False when a unique index refuses, which means that somebody else was
    /// faster: the changes are forgotten, look again.
    /// </summary>
    Task<bool> TrySaveChangesAsync(CancellationToken ct);

    Task<int> SaveChangesAsync(CancellationToken ct);
}
