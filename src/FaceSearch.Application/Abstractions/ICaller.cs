namespace FaceSearch.Application.Abstractions;

/// <summary>Who sent the message that is being handled. One per scope.</summary>
public interface ICaller
{
    /// <summary>The caller's API key; null for an anonymous caller and for the server itself.</summary>
    long? KeyId { get; }

    /// <summary>The collections the key is bound to; null when it may use all.</summary>
    IReadOnlySet<long>? Collections { get; }

    /// <summary>Whether the caller may read what others have stored; true for the server itself.</summary>
    bool MayRead { get; }

    /// <summary>
    /// Cancelled when the caller has disconnected. The server finishes the caller's change, but a handler need not wait
    /// for the job that it has queued.
    /// </summary>
    CancellationToken Disconnected { get; }

    /// <summary>Whether the caller's key may use this collection.</summary>
    bool MayUse(long collectionId) => Collections?.Contains(collectionId) ?? true;
}
