namespace FaceSearch.Cli.Output;

/// <summary>The messages for the codes of <c>docs/problems.md</c> for a single picture.</summary>
internal static class FailureReasons
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["no-face"] = "no face found: upright, lit and large enough?",
        ["several-faces"] = "more than one face",
        ["low-quality"] = "the face is too small, blurred, dark or turned away",
        ["not-a-picture"] = "not a picture: JPEG, PNG, WebP, GIF and BMP are read",
        ["damaged-picture"] = "the picture is cut off or broken",
        ["empty-picture"] = "the file is empty",
        ["too-many-pixels"] = "too many pixels: scale it down",
        ["picture-too-large"] = "the file is larger than the server takes",
        ["duplicate-picture"] = "enrolled already",
        ["near-duplicate"] = "nearly the same face is enrolled already",
        ["external-id-taken"] = "the external id is another face's",
        ["unsafe-name"] = "its name is no plain path",
        ["nested-archive"] = "an archive in the archive: unpack it first",
        ["encrypted-entry"] = "it needs a password",
        ["damaged-entry"] = "the archive is damaged here",
        ["system-file"] = "a file of the operating system",
    };

    /// <summary>An unknown code of a newer server is returned unchanged.</summary>
    public static string Of(string? code) =>
        code is null ? string.Empty : Words.GetValueOrDefault(code, code);

    public static IEnumerable<string> Known => Words.Keys;
}
