namespace FaceSearch.Application.Results;

/// <summary>What kind of refusal this is; each maps to one HTTP status.</summary>
public enum ErrorKind
{
    Invalid,
    Unauthorized,
    Forbidden,
    NotFound,
    Conflict,
    PreconditionFailed,
    TooLarge,
    UnsupportedMedia,
    Unprocessable,
    TooSlow,
    TooMany,
    Unavailable,
    Internal,
}

/// <summary>An expected refusal, as a value.</summary>
/// <param name="Code">Stable and part of the API: <c>no-face</c>. Documented in <c>docs/problems.md</c>.</param>
/// <param name="Message">What is wrong and what to do about it; no path, key, picture or embedding.</param>
public sealed record Error(ErrorKind Kind, string Code, string Message)
{
    /// <summary>What is wrong by field; null when the error is not about fields.</summary>
    public IReadOnlyDictionary<string, string[]>? Fields { get; init; }

    /// <summary>Facts for programs, such as the id of the conflicting face.</summary>
    public IReadOnlyDictionary<string, object>? Facts { get; init; }
}
