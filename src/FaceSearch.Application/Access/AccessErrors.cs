using FaceSearch.Application.Results;

namespace FaceSearch.Application.Access;

public static class AccessErrors
{
    public static readonly Error UnknownKey = new(
        ErrorKind.Unauthorized, "unauthorized", "Unknown API key. Check it, or ask for a new one.");

    public static readonly Error ExpiredKey = new(
        ErrorKind.Unauthorized, "unauthorized", "The API key has expired. Ask for a new one.");

    public static readonly Error LastAdminKey = new(
        ErrorKind.Conflict, "last-admin-key",
        "This is the last key that can issue keys: it has the scope 'admin', is valid for all collections "
        + "and does not expire. Issue another such key first.");

    public static Error KeyNotFound(string id) => new(
        ErrorKind.NotFound, "key-not-found", $"There is no key with the id '{id}'.");

    public static Error KeyNameTaken(string name) => new(
        ErrorKind.Conflict, "key-name-taken", $"There is a key named '{name}' already. Revoke it, or choose another name.");
}
