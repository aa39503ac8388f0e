using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Access;
using FaceSearch.Application.Results;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

/// <summary>Removes a face. With its last face, the picture and its job items are removed too.</summary>
/// <param name="ExpectedVersions">
/// The removal is refused when the face has none of these versions; null skips the check.
/// </param>
public sealed record RemoveFaceCommand(string Collection, string FaceId, IReadOnlyList<int>? ExpectedVersions) : ICommand<Result<long>>;

internal sealed class RemoveFaceHandler(IFaceSearchDbContext db, CollectionResolver collections, IIndexChanges index)
    : ICommandHandler<RemoveFaceCommand, Result<long>>
{
    /// <returns>The removed face's id.</returns>
    public async ValueTask<Result<long>> Handle(RemoveFaceCommand command, CancellationToken cancellationToken)
    {
        var collection = await collections.FindIdAsync(command.Collection, cancellationToken);
        if (collection.Error is { } noCollection)
            return noCollection;
        if (EntityId.Parse(command.FaceId) is not { } id)
            return FaceErrors.NotFound(command.FaceId);

        Result<long> removed = default;
        while (!await db.InTransactionAsync(
            async () =>
            {
                var answer = await RemoveAsync(collection.Value, id, command, cancellationToken);
                removed = answer ?? default;
                return answer is not null;
            },
            cancellationToken))
        {
            // The face was changed between the read and the removal.
        }

        if (removed.IsSuccess)
            await index.CommittedAsync(new FacesRemoved(collection.Value, [id]), CancellationToken.None);
        return removed;
    }

    /// <summary>Null on a concurrency conflict: retry.</summary>
    private async Task<Result<long>?> RemoveAsync(
        long collectionId, long id, RemoveFaceCommand command, CancellationToken ct)
    {
        var face = await db.Faces.FirstOrDefaultAsync(f => f.CollectionId == collectionId && f.Id == id, ct);
        if (face is null)
            return FaceErrors.NotFound(command.FaceId);
        if (command.ExpectedVersions is { } expected && !expected.Contains(face.Version))
            return CommonErrors.Changed;

        db.Faces.Remove(face);
        if (!await db.TrySaveChangesAsync(ct))
            return null;

        var picturesGone = await db.Images
            .Where(image => image.Id == face.ImageId && !image.Faces.Any())
            .ExecuteDeleteAsync(ct);
        if (picturesGone > 0)
            await db.EnrolmentItems.Where(item => item.ImageId == face.ImageId).ExecuteDeleteAsync(ct);

        return (Result<long>)id;
    }
}
