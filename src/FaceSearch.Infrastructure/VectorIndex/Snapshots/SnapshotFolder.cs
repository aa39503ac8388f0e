using System.Globalization;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.VectorIndex.Gallery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.VectorIndex.Snapshots;

/// <summary>
/// The snapshot files of all collections. Other processes may read, replace and delete them at any time. Not thread-safe.
/// </summary>
internal sealed partial class SnapshotFolder(
    IHostEnvironment environment, IOptions<IndexOptions> options, ILogger<SnapshotFolder> logger)
{
    private const string Extension = ".faces";

    private readonly string? folder = options.Value.SnapshotDirectory is { Length: > 0 } name
        ? Path.GetFullPath(name, environment.ContentRootPath)
        : null;

    public bool IsUsed => folder is not null;

    /// <summary>
    /// The collection's snapshot; null if there is none. A damaged one, or one of another collection, is deleted.
    /// </summary>
    public FlatIndex? Open(Collection collection)
    {
        if (!IsUsed || !File.Exists(PathOf(collection.Id)))
            return null;

        if (SnapshotFile.Open(PathOf(collection.Id), out var stamp) is { } index
            && stamp == SnapshotStamp.Of(collection)
            && index.Length is 0 or Embedding.StandardLength)
            return index;

        Drop(collection.Id);
        LogDropped(logger, collection.Id);
        return null;
    }

    public void Save(long collectionId, FlatIndex index, SnapshotStamp stamp)
    {
        Directory.CreateDirectory(folder!);
        SnapshotFile.Write(PathOf(collectionId), index, stamp);
    }

    /// <summary>Also deletes incomplete files of killed processes. A concurrent writer gives up.</summary>
    public void Drop(long collectionId)
    {
        if (!Directory.Exists(folder))
            return;

        File.Delete(PathOf(collectionId));
        foreach (var unfinished in Directory.GetFiles(folder, Path.GetFileName(PathOf(collectionId)) + ".*"))
            File.Delete(unfinished);
    }

    /// <summary>Deletes the files of removed collections and the incomplete files of killed processes.</summary>
    public void DropAllBut(IEnumerable<long> collectionIds)
    {
        if (!Directory.Exists(folder))
            return;

        var kept = collectionIds.Select(PathOf).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(folder, $"*{Extension}*").Where(path => !kept.Contains(path)))
            File.Delete(path);
    }

    private string PathOf(long collectionId) =>
        Path.Combine(folder!, collectionId.ToString(CultureInfo.InvariantCulture) + Extension);

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning,
        Message = "The snapshot of collection {CollectionId} is damaged, of an older version or of another collection; its faces are read from the database")]
    private static partial void LogDropped(ILogger logger, long collectionId);
}
