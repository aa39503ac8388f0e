using System.IO.Hashing;
using System.Text;
using FaceSearch.Domain.Collections;

namespace FaceSearch.Infrastructure.VectorIndex.Snapshots;

/// <summary>
/// The collection of a snapshot and the ids it is up to date with. Without gaps, so that all its bytes are defined.
/// </summary>
/// <param name="Collection">
/// A hash that differs for a collection of the same id in another database, and for another generation.
/// </param>
/// <param name="LastFaceId">The collection's faces up to this id are in the snapshot, unless they were removed.</param>
/// <param name="LastRemovalId">The removals up to this id are taken into account.</param>
internal readonly record struct SnapshotStamp(ulong Collection, long LastFaceId, long LastRemovalId)
{
    public static ulong Identify(Collection collection) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(
        FormattableString.Invariant($"{collection.Id} {collection.CreatedAt.Ticks} {collection.Generation} {collection.Model}")));
}
