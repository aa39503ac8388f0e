using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Collections;

/// <summary>A collection and the encoder its embeddings are made with.</summary>
public sealed record CollectionContext(long Id, string Name, IFaceEncoder Encoder);

public static class CollectionLookup
{
    /// <summary>Errors: <c>collection-not-found</c>, <c>model-not-available</c>.</summary>
    public static async Task<Result<CollectionContext>> FindCollectionAsync(
        this IFaceSearchDbContext db, IFaceEncoders encoders, string name, CancellationToken ct)
    {
        var collection = await db.Collections.AsNoTracking()
            .Where(c => c.Name == name)
            .Select(c => new { c.Id, c.Model })
            .FirstOrDefaultAsync(ct);

        if (collection is null)
            return CollectionErrors.NotFound(name);

        return encoders.TryGet(collection.Model, out var encoder)
            ? new CollectionContext(collection.Id, name, encoder)
            : CollectionErrors.ModelNotAvailable(collection.Model);
    }
}
