namespace FaceSearch.Api.Http.Authentication;

/// <summary>Which web pages of other origins may call. Section <c>Cors</c>.</summary>
internal sealed class CorsOptions
{
    public const string Section = "Cors";

    /// <summary><c>https://example.org</c>; <c>*</c> is any, with a key. Empty: no other origin may call.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];
}
