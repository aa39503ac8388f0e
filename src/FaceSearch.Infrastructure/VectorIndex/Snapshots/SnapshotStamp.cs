using System.IO.Hashing;
using System.Text;
using FaceSearch.Domain.Collections;

namespace FaceSearch.Infrastructure.VectorIndex.Snapshots;

/// <summary>The collection and generation of a snapshot.</summary>
/// <param name="Collection">
/// A hash that differs for a collection of the same id in another database, and for another generation.
/// </param>
internal readonly record struct SnapshotStamp(ulong Collection)
{
    public static SnapshotStamp Of(Collection collection) => new(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(
        FormattableString.Invariant($"{collection.Id} {collection.CreatedAt.Ticks} {collection.Generation} {collection.Model}"))));
}
