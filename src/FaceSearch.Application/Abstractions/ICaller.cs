namespace FaceSearch.Application.Abstractions;

/// <summary>Who sent the message that is being handled. One per scope.</summary>
public interface ICaller
{
    /// <summary>The caller's API key; null for an anonymous caller and for the server itself.</summary>
    long? KeyId { get; }

    /// <summary>The collections the key is bound to; null when it may use all.</summary>
    IReadOnlySet<long>? Collections { get; }

    /// <summary>
    /// Cancelled when nobody waits for the answer any more. A change is finished all the same; it need not be waited for.
    /// </summary>
    CancellationToken Disconnected { get; }

    /// <summary>Whether the caller's key may use this collection.</summary>
    bool MayUse(long collectionId) => Collections?.Contains(collectionId) ?? true;
}
