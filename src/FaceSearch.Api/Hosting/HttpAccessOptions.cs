namespace FaceSearch.Api.Hosting;

/// <summary>The proxies whose forwarded headers are trusted. Section <c>Proxy</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>Addresses. With no proxy and no network the forwarded headers are ignored.</summary>
    public IReadOnlyList<string> Known { get; set; } = [];

    /// <summary><c>10.0.0.0/8</c>.</summary>
    public IReadOnlyList<string> KnownNetworks { get; set; } = [];
}
