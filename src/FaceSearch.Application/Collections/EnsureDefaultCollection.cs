using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using Mediator;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

/// <summary>At start: creates the collection of the unversioned routes if it does not exist.</summary>
public sealed record EnsureDefaultCollectionCommand : ICommand<Result<string>>;

internal sealed class EnsureDefaultCollectionHandler(
    IFaceSearchDbContext db, IFaceEncoders encoders, TimeProvider time)
    : ICommandHandler<EnsureDefaultCollectionCommand, Result<string>>
{
    /// <returns>The model the collection is pinned to.</returns>
    public async ValueTask<Result<string>> Handle(
        EnsureDefaultCollectionCommand command, CancellationToken cancellationToken)
    {
        if (await FindModelAsync(cancellationToken) is { } model)
            return model;

        db.Collections.Add(new Collection
        {
            Name = Collection.DefaultName,
            Model = encoders.Default.Model,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        });
        var added = await db.TrySaveChangesAsync(cancellationToken);
        return added ? encoders.Default.Model : (await FindModelAsync(cancellationToken))!;
    }

    private Task<string?> FindModelAsync(CancellationToken ct) =>
        db.Collections.Where(c => c.Name == Collection.DefaultName).Select(c => c.Model).FirstOrDefaultAsync(ct);
}
