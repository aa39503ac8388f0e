namespace FaceSearch.Api.Http.Authentication;

/// <summary>Who may call without a key. Section <c>Access</c>.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>
    /// In the Development environment searching, adding, and following a job by its id need no key. It has no effect in
    /// any other environment.
    /// </summary>
    public bool AnonymousInDevelopment { get; set; } = true;
}
