namespace FaceSearch.Application.Results;

public static class CommonErrors
{
    public static Error InvalidFields(IReadOnlyDictionary<string, string[]> fields) =>
        new(ErrorKind.Invalid, "invalid-request", "The request has invalid values; see 'errors' for each field.")
        {
            Fields = fields,
        };

    /// <summary>The resource's version does not match the caller's <c>If-Match</c>.</summary>
    public static readonly Error Changed = new(
        ErrorKind.PreconditionFailed, "changed-meanwhile",
        "The resource has changed since you read it. Read it again, and send the new ETag in If-Match.");

    /// <summary>The work does not fit into the server's limits at the moment.</summary>
    public static readonly Error Busy = new(
        ErrorKind.Unavailable, "busy", "The server is at capacity. Retry in a few seconds.");

    /// <summary>The server runs no engine profile, and no model, of that name.</summary>
    public static Error UnknownProfile(string profileOrModel) => new(
        ErrorKind.Invalid, "unknown-profile",
        $"This server runs no engine profile '{profileOrModel}'. Leave 'profile' out for the server's own.");

    public static Error InvalidField(string field, string message) =>
        InvalidFields(new Dictionary<string, string[]> { [field] = [message] });
}
