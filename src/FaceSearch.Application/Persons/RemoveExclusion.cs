using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Results;
using FaceSearch.Application.Search;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Persons;

/// <summary>Takes back that a face is not a person. Whose the face is stays open: nobody has said.</summary>
/// <remarks>Answers the person's id.</remarks>
public sealed record RemoveExclusionCommand(string Collection, string PersonId, string FaceId) : ICommand<Result<long>>;

internal sealed class RemoveExclusionHandler(
    IFaceSearchDbContext db, CollectionDirectory collections, ExclusionBook exclusions)
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
