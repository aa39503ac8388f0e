using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <summary>Removes the exclusion of a face from a person. The face stays without a person.</summary>
/// <remarks>Returns the person's id.</remarks>
public sealed record RemoveExclusionCommand(string Collection, string PersonId, string FaceId) : ICommand<Result<long>>;

internal sealed class RemoveExclusionHandler(
    IFaceSearchDbContext db, CollectionResolver collections, ExclusionCache exclusions)
    : ICommandHandler<RemoveExclusionCommand, Result<long>>
{
    public async ValueTask<Result<long>> Handle(RemoveExclusionCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;

        var personId = await db.PersonsOf(collection.Value, command.PersonId)
            .Select(person => (long?)person.Id).FirstOrDefaultAsync(cancellationToken);
        if (personId is not { } person)
            return PersonErrors.NotFound(command.PersonId);

        var faceId = EntityId.Parse(command.FaceId) ?? 0;
        var removed = await db.PersonExclusions
            .Where(exclusion => exclusion.PersonId == person && exclusion.FaceId == faceId)
            .ExecuteDeleteAsync(cancellationToken);
        exclusions.Forget(collection.Value);
        return removed == 0 ? PersonErrors.ExclusionNotFound(command.FaceId) : person;
    }
}
