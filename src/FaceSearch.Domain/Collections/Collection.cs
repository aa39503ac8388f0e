using System.Globalization;

namespace FaceSearch.Domain.Collections;

/// <summary>A named set of enrolled faces. It pins the model of its embeddings.</summary>
public sealed class Collection
{
    /// <summary>The collection of the four unversioned routes.</summary>
    public const string DefaultName = "default";

    public const int NameMaxLength = 64;

    /// <summary>
    /// The name prefix of a removed collection whose rows are still being deleted. Requests can't create or find a
    /// collection with such a name.
    /// </summary>
    public const string RemovedPrefix = "~";

    public long Id { get; private set; }

    public required string Name { get; init; }

    public required string Model { get; set; }

    /// <summary>
    /// Incremented when all embeddings of the collection are replaced, so that all processes reload its index.
    /// </summary>
    public int Generation { get; set; }

    public DateTime CreatedAt { get; init; }

    public static string RemovedNameOf(long id) =>
        string.Create(CultureInfo.InvariantCulture, $"{RemovedPrefix}{id}");
}
