using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

/// <summary>A collection and the encoder its embeddings are made with.</summary>
public sealed record CollectionContext(long Id, string Name, IFaceEncoder Encoder);

/// <summary>
/// The one way from a name in a message to a collection: it holds callers to the collections their keys are bound to.
/// </summary>
internal sealed class CollectionDirectory(IFaceSearchDbContext db, IFaceEncoders encoders, ICaller caller)
{
    /// <summary>For use cases that make or compare embeddings.</summary>
    /// <returns>Errors: <c>collection-not-found</c>, <c>model-not-available</c>, <c>forbidden</c>.</returns>
    public async Task<Result<CollectionContext>> FindAsync(string name, CancellationToken ct)
    {
        var found = await FindRowAsync(name, ct);
        if (found.Error is { } error)
            return error;

        return encoders.TryGet(found.Value.Model, out var encoder)
            ? new CollectionContext(found.Value.Id, name, encoder)
            : CollectionErrors.ModelNotAvailable(found.Value.Model);
    }

    /// <summary>For use cases that need no engine.</summary>
    /// <returns>Errors: <c>collection-not-found</c>, <c>forbidden</c>.</returns>
    public async Task<Result<long>> FindIdAsync(string name, CancellationToken ct)
    {
        var found = await FindRowAsync(name, ct);
        return found.Error is { } error ? error : found.Value.Id;
    }

    private async Task<Result<CollectionRow>> FindRowAsync(string name, CancellationToken ct)
    {
        if (name.StartsWith(Collection.RemovedPrefix, StringComparison.Ordinal))
            return CollectionErrors.NotFound(name);

        var row = await db.Collections.AsNoTracking()
            .Where(collection => collection.Name == name)
            .Select(collection => new CollectionRow(collection.Id, collection.Model))
            .FirstOrDefaultAsync(ct);
        if (row is null)
            return CollectionErrors.NotFound(name);

        return caller.MayUse(row.Id) ? row : CollectionErrors.NotOpenToKey(name);
    }

    private sealed record CollectionRow(long Id, string Model);
}
