namespace FaceSearch.Infrastructure.Jobs;

/// <summary>
/// Why an entry was not enrolled or has no person, in addition to the codes of the engine. Part of the API: <c>docs/problems.md</c>.
/// </summary>
internal static class EnrolmentReasons
{
    public const string UnsafeName = "unsafe-name";
    public const string SystemFile = "system-file";
    public const string NestedArchive = "nested-archive";
    public const string EncryptedEntry = "encrypted-entry";
    public const string DamagedEntry = "damaged-entry";
    public const string PictureNotKept = "picture-not-kept";
    public const string FaceNotFound = "face-not-found";
    public const string PersonErased = "person-erased";
    public const string EngineError = "engine-error";
    public const string PictureTooLarge = "picture-too-large";

    public const string TooManyPixelsOfArchive = "too-many-pixels-of-archive";

    /// <summary>The picture is enrolled, but for no person.</summary>
    public const string UndecodableName = "undecodable-name";
}
