using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Access;

/// <summary>A collection with its index, and the encoder of the model that the index has.</summary>
public sealed record CollectionContext(long Id, string Name, IFaceEncoder Encoder, IFaceIndex Index);

/// <summary>
/// Finds collections by name. Refuses a collection when the caller's key is bound to others.
/// </summary>
internal sealed class CollectionResolver(
    IFaceSearchDbContext db, IFaceEncoders encoders, IFaceGallery gallery, ICaller caller)
{
    /// <summary>The timeout for loading an index after a change of the collection's model.</summary>
    private static readonly TimeSpan IndexLoadTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Finds a collection to add faces to. The encoder and the index are of the collection's model. After a change of
    /// that model the call waits until the new index is loaded, so that added faces are searchable at once.
    /// </summary>
    /// <returns>
    /// Errors: <c>collection-not-found</c>, <c>model-not-available</c>, <c>forbidden</c>, <c>index-loading</c>.
    /// </returns>
    public async Task<Result<CollectionContext>> FindAsync(string name, CancellationToken ct)
    {
        var found = await FindRowAsync(name, ct);
        if (found.Error is { } error)
            return error;

        if (!encoders.TryGet(found.Value.Model, out var encoder))
            return CollectionAccessErrors.ModelNotAvailable(found.Value.Model);

        return await OpenAsync(found.Value, ct) is { } index
            ? new CollectionContext(found.Value.Id, name, encoder, index)
            : CollectionAccessErrors.IndexLoading;
    }

    /// <summary>
    /// Finds a collection to search, without waiting. The encoder and the index are of the same model. After a change of
    /// the collection's model this is the previous model until the new index is loaded.
    /// </summary>
    /// <returns>Errors: <c>collection-not-found</c>, <c>model-not-available</c>, <c>forbidden</c>.</returns>
    public async Task<Result<CollectionContext>> FindForSearchAsync(string name, CancellationToken ct)
    {
        var found = await FindRowAsync(name, ct);
        if (found.Error is { } error)
            return error;

        var index = await gallery.OpenAsync(found.Value.Id, found.Value.Model, ct);
        return encoders.TryGet(index.Model, out var encoder)
            ? new CollectionContext(found.Value.Id, name, encoder, index)
            : CollectionAccessErrors.ModelNotAvailable(index.Model);
    }

    /// <summary>True when the collection's model has changed or the collection was removed since it was found.</summary>
    public async Task<bool> HasModelChangedAsync(CollectionContext collection, CancellationToken ct) =>
        !await db.Collections.AnyAsync(c => c.Id == collection.Id && c.Model == collection.Encoder.Model, ct);

    /// <summary>Finds the id of a collection, without its encoder and index.</summary>
    /// <returns>Errors: <c>collection-not-found</c>, <c>forbidden</c>.</returns>
    public async Task<Result<long>> FindIdAsync(string name, CancellationToken ct)
    {
        var found = await FindRowAsync(name, ct);
        return found.Error is { } error ? error : found.Value.Id;
    }

    private async Task<IFaceIndex?> OpenAsync(CollectionRow row, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(IndexLoadTimeout);
        try
        {
            return await gallery.OpenOnceLoadedAsync(row.Id, row.Model, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<Result<CollectionRow>> FindRowAsync(string name, CancellationToken ct)
    {
        if (name.StartsWith(Collection.RemovedPrefix, StringComparison.Ordinal))
            return CollectionAccessErrors.NotFound(name);

        var row = await db.Collections.AsNoTracking()
            .Where(collection => collection.Name == name)
            .Select(collection => new CollectionRow(collection.Id, collection.Model))
            .FirstOrDefaultAsync(ct);
        if (row is null)
            return CollectionAccessErrors.NotFound(name);

        return caller.MayUse(row.Id) ? row : CollectionAccessErrors.NotOpenToKey(name);
    }

    private sealed record CollectionRow(long Id, string Model);
}
