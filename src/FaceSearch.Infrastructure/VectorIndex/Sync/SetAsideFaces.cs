using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.VectorIndex.Sync;

/// <summary>
/// Faces whose stored embedding is damaged or of another length. They are left out of the index, so that the other rows
/// are still loaded. Thread-safe.
/// </summary>
internal sealed partial class SetAsideFaces(ILogger<SetAsideFaces> logger)
{
    /// <summary>Further ones are only counted.</summary>
    private const int MaxLogged = 100;

    private readonly ConcurrentDictionary<long, long> collectionOf = new();
    private int logged;

    public int Count => collectionOf.Count;

    public bool Contains(long faceId) => collectionOf.ContainsKey(faceId);

    /// <summary>Whether the index takes the face. One that it does not take is set aside, and logged the first time.</summary>
    public bool IsSearchable(long collectionId, GalleryFace face)
    {
        if (face.Embedding.IsStandard)
        {
            // Re-embedding repairs a face.
            collectionOf.TryRemove(face.FaceId, out _);
            return true;
        }

        if (collectionOf.TryAdd(face.FaceId, collectionId) && Interlocked.Increment(ref logged) <= MaxLogged)
            LogSetAside(logger, face.FaceId, collectionId, face.Embedding.Length, Embedding.StandardLength);
        return false;
    }

    /// <summary>After faces were removed.</summary>
    public void Forget(IEnumerable<long> faceIds)
    {
        foreach (var faceId in faceIds)
            collectionOf.TryRemove(faceId, out _);
    }

    public void ForgetCollection(long collectionId) =>
        Forget(collectionOf.Where(face => face.Value == collectionId).Select(face => face.Key));

    [LoggerMessage(EventId = 2030, Level = LogLevel.Error,
        Message = "Face {FaceId} of collection {CollectionId} is left out of the index: its stored embedding is damaged or has {Length} values instead of {Expected}. Remove the face or re-embed the collection")]
    private static partial void LogSetAside(ILogger logger, long faceId, long collectionId, int length, int expected);
}
