using FaceSearch.Application.Results;

namespace FaceSearch.Application.Collections;

internal static class CollectionErrors
{
    public static readonly Error Default = new(
        ErrorKind.Conflict, "default-collection",
        "The collection 'default' is used by the unversioned routes and can't be removed.");

    public static readonly Error JobsRunning = new(
        ErrorKind.Conflict, "jobs-running",
        "Jobs of this collection are queued or running. Cancel them, or wait until they have ended.");

    public static Error Exists(string name) =>
        new(ErrorKind.Conflict, "collection-exists", $"There is a collection '{name}' already.");

}
