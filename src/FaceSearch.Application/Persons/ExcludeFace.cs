using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using FaceSearch.Domain.Persons;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <summary>
/// Excludes a face from a person. The face is unassigned from the person, and searches apply the exclusion.
/// </summary>
public sealed record ExcludeFaceCommand(string Collection, string PersonId, string FaceId)
    : ICommand<Result<PersonExclusion>>;

internal sealed class ExcludeFaceHandler(
    IFaceSearchDbContext db, CollectionResolver collections, ExclusionCache exclusions, TimeProvider time)
    : ICommandHandler<ExcludeFaceCommand, Result<PersonExclusion>>
{
    public async ValueTask<Result<PersonExclusion>> Handle(
        ExcludeFaceCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        Result<PersonExclusion> excluded = default;
        await db.InTransactionAsync(
            async () => (excluded = await ExcludeAsync(collection.Value, command, cancellationToken)).IsSuccess,
            cancellationToken);
        exclusions.Forget(collection.Value);
        return excluded;
    }

    /// <summary>A repeated exclusion changes nothing.</summary>
    private async Task<Result<PersonExclusion>> ExcludeAsync(
        long collectionId, ExcludeFaceCommand command, CancellationToken ct)
    {
        if (EntityId.Parse(command.PersonId) is not { } personId || !await db.LockPersonAsync(collectionId, personId, ct))
            return PersonErrors.NotFound(command.PersonId);

        var faceId = EntityId.Parse(command.FaceId) ?? 0;
        if (!await db.Faces.AnyAsync(face => face.Id == faceId && face.CollectionId == collectionId, ct))
            return PersonErrors.FaceNotFound(command.FaceId);

        await db.Faces
            .Where(face => face.Id == faceId && face.PersonId == personId)
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(face => face.PersonId, (long?)null)
                    .SetProperty(face => face.Version, face => face.Version + 1),
                ct);
        var said = await db.PersonExclusions.AsNoTracking()
            .FirstOrDefaultAsync(exclusion => exclusion.PersonId == personId && exclusion.FaceId == faceId, ct);
        if (said is not null)
            return said;

        var exclusion = new PersonExclusion
        {
            PersonId = personId, FaceId = faceId, CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        db.PersonExclusions.Add(exclusion);
        await db.SaveChangesAsync(ct);
        return exclusion;
    }
}
