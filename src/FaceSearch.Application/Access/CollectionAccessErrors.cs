using FaceSearch.Application.Results;

namespace FaceSearch.Application.Access;

/// <summary>Why a caller cannot use a collection.</summary>
internal static class CollectionAccessErrors
{
    public static readonly Error IndexLoading = new(
        ErrorKind.Unavailable, "index-loading",
        "The index of the collection's new model is still loading. Try again in a few seconds.");

    public static Error NotFound(string name) =>
        new(ErrorKind.NotFound, "collection-not-found", $"There is no collection '{name}'.");

    public static Error NotOpenToKey(string name) => new(
        ErrorKind.Forbidden, "forbidden",
        $"The API key is bound to other collections than '{name}'. Ask for one that is valid for it.");

    public static Error ModelNotAvailable(string model) =>
        new(ErrorKind.Conflict, "model-not-available",
            $"The collection was made with model '{model}', which this server does not run. "
            + "Set Engine:Profile to the profile of that model, or use another database.");
}
