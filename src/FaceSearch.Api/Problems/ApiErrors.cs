using FaceSearch.Application.Results;

namespace FaceSearch.Api.Problems;

/// <summary>The refusals of the HTTP layer itself.</summary>
internal static class ApiErrors
{
    public static readonly Error MissingKey = new(
        ErrorKind.Unauthorized, "unauthorized",
        "This call needs an API key: send it as the header 'X-Api-Key' or 'Authorization: Bearer'.");

    public static readonly Error MissingScope = new(
        ErrorKind.Forbidden, "forbidden", "The API key may not do this. Ask for one with the scope that the call needs.");

    public static readonly Error IndexLoading = new(
        ErrorKind.Unavailable, "index-loading", "The index is still loading. Try again in a few seconds.");

    public static readonly Error Busy = new(
        ErrorKind.Unavailable, "busy", "The server has as much to do as it can hold. Try again in a few seconds.");

    public static readonly Error StorageUnavailable = new(
        ErrorKind.Unavailable, "storage-unavailable",
        "The database does not answer, is locked or is full. Nothing was stored; try again in a few seconds.");

    public static readonly Error StorageFull = new(
        ErrorKind.Unavailable, "storage-full",
        "The server's disk is full. Nothing was stored; try again when there is room.");

    public static readonly Error MalformedBody = new(
        ErrorKind.Invalid, "malformed-body", "The request's body is cut off or not what its headers say.");

    public static Error MissingFile(string field, string rawType) => new(
        ErrorKind.Invalid, "missing-file",
        $"There is no file in the request. Send it as the multipart field '{field}', or as the body itself "
        + $"with 'Content-Type: {rawType}'.");

    public static Error UnsupportedContentType(string rawType) => new(
        ErrorKind.UnsupportedMedia, "unsupported-content-type",
        $"Send 'multipart/form-data', or the file itself with 'Content-Type: {rawType}'.");

    public static readonly Error UnsupportedForm = new(
        ErrorKind.UnsupportedMedia, "unsupported-content-type",
        "Send 'multipart/form-data' with the two pictures as the fields that the call names.");

    public static Error TooLarge(long limit) => new(
        ErrorKind.TooLarge, "file-too-large", $"The file is larger than {limit} bytes, the most this server takes.");
}
