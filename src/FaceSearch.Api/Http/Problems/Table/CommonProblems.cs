namespace FaceSearch.Api.Http.Problems.Table;

/// <summary>The problems of any call.</summary>
internal static class CommonProblems
{
    public static readonly ProblemTopic Topic = new("Any call", Note: "",
    [
        new("invalid-request", 400, "The request has invalid values", "Correct the fields named in `errors`.", ProblemFacts.Errors),
        new("unknown-parameter", 400, "The call does not take this parameter",
            "Correct the name, or leave it out: `parameter` is what the call does not take, `nearest` what it takes by the "
            + "name most like it.",
            ProblemFacts.Parameter, ProblemFacts.Nearest),
        new("malformed-body", 400, "The body is cut off or not what its headers say", "Send it again."),
        new("body-too-slow", 408, "The body arrives too slowly",
            "Send it over a faster connection, or a smaller file; `Uploads` has the lowest rate and the longest time."),
        new("unauthorized", 401, "The call needs a valid API key", "Send a known key in `X-Api-Key` or `Authorization: Bearer`."),
        new("forbidden", 403, "The API key does not permit this call",
            "Use a key with the scope the call needs, that opens the collection, or all where the call concerns the server."),
        new("route-not-found", 404, "Unknown route", "Use a path of the document at `/docs`."),
        new("method-not-allowed", 405, "The route does not take this method",
            "Use a method that the path takes; the header `Allow` lists them."),
        new("address-too-long", 414, "The path and the query are too long",
            "Send fewer or shorter parameters; together they have at most 8,192 characters."),
        new("headers-too-large", 431, "The headers are too large",
            "Send fewer or shorter headers; cookies are not needed."),
        new("body-too-large", 413, "The body is too large",
            "Send a smaller body; JSON and forms without a file have at most 65,536 bytes."),
        new("collection-not-found", 404, "There is no such collection", "Create the collection first."),
        new("changed-meanwhile", 412, "The resource has changed since it was read",
            "Read it again, and send the new `ETag` in `If-Match`."),
        new("unknown-profile", 400, "The server does not run this profile",
            "Name an engine profile or model that the server runs, or leave it out."),
        new("model-not-available", 409, "The server does not run the collection's model",
            "Add the model's id to `Engine:OtherProfiles` and restart.")
        {
            FailsJobs = true,
        },
        new("malformed-idempotency-key", 400, "Invalid Idempotency-Key",
            "Send an `Idempotency-Key` of 1 to 255 visible ASCII characters."),
        new("idempotency-key-reused", 422, "The Idempotency-Key was used for another request",
            "Take a new `Idempotency-Key` for a new request."),
        new("idempotency-key-in-use", 409, "The first request with this Idempotency-Key is still being handled",
            "Try again in a second."),
        new("too-many-requests", 429, "The rate limit is exceeded", "Try again after `Retry-After` seconds."),
        new("http-error", null, "The web server refused the request", "The status says why."),
        new("internal-error", 500, "Unexpected error of the server", "Report it with its `traceId`."),
        new("index-loading", 503, "The index is still loading", "Try again after `Retry-After` seconds."),
        new("busy", 503, "The server is at capacity", "Try again after `Retry-After` seconds."),
        new("storage-unavailable", 503, "The database does not answer, the upload folder is missing, or the server is starting and its database or models are not ready",
            "Nothing was stored; try again after `Retry-After` seconds."),
        new("storage-full", 503, "The server's disk or its upload folder is full",
            "Nothing was stored; make room on the disk, or try again when jobs have ended. `Enrolment:MaxUploadFolderBytes` "
            + "limits the upload folder."),
    ]);
}
