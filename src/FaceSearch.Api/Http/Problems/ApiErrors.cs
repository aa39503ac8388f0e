using FaceSearch.Api.Http.RateLimits;
using FaceSearch.Application.Results;

namespace FaceSearch.Api.Http.Problems;

/// <summary>The refusals of the HTTP layer itself.</summary>
internal static class ApiErrors
{
    public static readonly Error MissingKey = new(
        ErrorKind.Unauthorized, "unauthorized",
        "This call needs an API key: send it as the header 'X-Api-Key' or 'Authorization: Bearer'.");

    public static readonly Error MissingScope = new(
        ErrorKind.Forbidden, "forbidden", "The API key may not do this. Ask for one with the scope that the call needs, not bound to collections where the "
        + "call concerns the whole server.");

    public static readonly Error ForeignRequest = new(
        ErrorKind.Forbidden, "forbidden",
        "A request without an API key must go to 'localhost' or a loopback address, and must not come from another web page. "
        + "Send a key, or add the other page's origin to 'Cors:Origins'.");

    public static readonly Error IndexLoading = new(
        ErrorKind.Unavailable, "index-loading", "The index is still loading. Try again in a few seconds.");

    public static readonly Error StorageUnavailable = new(
        ErrorKind.Unavailable, "storage-unavailable",
        "The database does not answer, is locked or is full. Nothing was stored; try again in a few seconds.");

    public static readonly Error FolderMissing = new(
        ErrorKind.Unavailable, "storage-unavailable",
        "The server's upload folder is missing. Nothing was stored; try again in a few seconds.");

    public static readonly Error Starting = new(
        ErrorKind.Unavailable, "storage-unavailable",
        "The server is starting: its database is not available yet, or its models are loading. Try again in a few seconds.");

    public static readonly Error StorageFull = new(
        ErrorKind.Unavailable, "storage-full",
        "The server's disk is full. Nothing was stored; try again when there is room.");

    public static readonly Error UploadFolderFull = new(
        ErrorKind.Unavailable, "storage-full",
        "The server's upload folder has no room for the archive. Nothing was stored; try again when jobs have ended.");

    public static readonly Error MalformedBody = new(
        ErrorKind.Invalid, "malformed-body", "The request's body is cut off or not what its headers say.");

    public static readonly Error UnexpectedBody = new(
        ErrorKind.Invalid, "unknown-parameter",
        "The call takes no body. Send its parameters in the path and the query.");

    public static readonly Error BodyTooSlow = new(
        ErrorKind.TooSlow, "body-too-slow",
        "The request's body arrived too slowly. Nothing was stored; send it over a faster connection, or a smaller file.");

    public static Error BodyLargerThan(long limit) => new(
        ErrorKind.TooLarge, "body-too-large", $"The request's body is larger than {limit} bytes, the most this call takes.");

    public static readonly Error TooManyRequests = new(
        ErrorKind.TooMany, "too-many-requests",
        "You have exceeded your rate limit. Retry after 'Retry-After' seconds.");

    public static readonly Error MalformedIdempotencyKey = new(
        ErrorKind.Invalid, "malformed-idempotency-key", "Idempotency-Key is 1 to 255 visible ASCII characters.");

    public static readonly Error IdempotencyKeyReused = new(
        ErrorKind.Unprocessable, "idempotency-key-reused",
        "This Idempotency-Key was used for another request. Use a new key for a new request.");

    public static readonly Error IdempotencyKeyInUse = new(
        ErrorKind.Conflict, "idempotency-key-in-use",
        "The first request with this Idempotency-Key is still being handled. Try again in a second.");

    public static readonly Error SecretNotKept = new(
        ErrorKind.Conflict, "secret-not-kept",
        "The first request with this Idempotency-Key succeeded, but its answer held a secret and is not stored. 'Location' "
        + "names the created resource: remove it and create another.");

    /// <summary>For statuses that the framework sets without a problem.</summary>
    public static Error OfStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => MalformedBody,
        StatusCodes.Status404NotFound => new(
            ErrorKind.NotFound, "route-not-found", "Unknown route. The routes are in /openapi/v1.json."),
        StatusCodes.Status405MethodNotAllowed => new(
            ErrorKind.Invalid, "method-not-allowed", "The route does not take this method; 'Allow' names those it takes."),
        StatusCodes.Status412PreconditionFailed => CommonErrors.Changed,
        StatusCodes.Status414UriTooLong => new(
            ErrorKind.TooLarge, "address-too-long", $"The path and the query are longer than {RequestHeadLimits.MaxAddress} characters. Send fewer or shorter parameters."),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => new(
            ErrorKind.TooLarge, "headers-too-large", $"The headers have more than {RequestHeadLimits.MaxHeaders} characters. Send fewer or shorter ones."),
        StatusCodes.Status415UnsupportedMediaType => new(
            ErrorKind.UnsupportedMedia, "unsupported-content-type", "The call does not take this Content-Type."),
        _ => new(ErrorKind.Internal, "http-error", "The request could not be answered."),
    };

    /// <param name="place">Where the caller sent it: <c>query parameter</c>.</param>
    /// <param name="known">What the call takes there.</param>
    /// <param name="elsewhere">What the call takes under this name; null for nothing.</param>
    public static Error UnknownParameter(string place, string name, IReadOnlyList<string> known, string? elsewhere)
    {
        var shown = Shorten(name);
        var nearest = elsewhere is null ? Spelling.Nearest(shown, known) : shown;
        var advice = elsewhere is not null ? $"It takes '{shown}' as a {elsewhere}."
            : nearest is null ? $"It takes no {place} at all."
            : $"The nearest that it takes is '{nearest}', of {string.Join(", ", known)}.";
        return new Error(ErrorKind.Invalid, "unknown-parameter", $"The call takes no {place} '{shown}'. {advice}")
        {
            Facts = nearest is null
                ? new Dictionary<string, object> { ["parameter"] = shown }
                : new Dictionary<string, object> { ["parameter"] = shown, ["nearest"] = nearest },
        };
    }

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

    /// <summary>A name from the request, made safe to show.</summary>
    private static string Shorten(string name)
    {
        const int longest = 64;
        var shown = name.Length > longest ? name[..longest] : name;
        return new string([.. shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
    }

    public static Error TooLarge(long limit) => new(
        ErrorKind.TooLarge, "file-too-large", $"The file is larger than {limit} bytes, the most this server takes.");
}
