using System.Globalization;

namespace FaceSearch.Domain.Collections;

/// <summary>A named set of enrolled faces. It pins the model its embeddings are made with.</summary>
public sealed class Collection
{
    /// <summary>The collection of the four unversioned routes.</summary>
    public const string DefaultName = "default";

    public const int NameMaxLength = 64;

    /// <summary>
    /// Begins the name of a removed collection whose rows are still being deleted. No collection can be made, or asked
    /// for, under such a name.
    /// </summary>
    public const string RemovedPrefix = "~";

    public long Id { get; private set; }

    public required string Name { get; init; }

    public required string Model { get; set; }

    /// <summary>Grows when every embedding of the collection changes at once, so that all indexes read it anew.</summary>
    public int Generation { get; set; }

    public DateTime CreatedAt { get; init; }

    public static string RemovedNameOf(long id) =>
        string.Create(CultureInfo.InvariantCulture, $"{RemovedPrefix}{id}");
}
