namespace FaceSearch.Api.Startup;

/// <summary>Which web pages of other origins may call. Section <c>Cors</c>.</summary>
internal sealed class CorsOptions
{
    public const string Section = "Cors";

    /// <summary><c>https://example.org</c>; <c>*</c> is any. None: no page of another origin may.</summary>
    public IReadOnlyList<string> Origins { get; set; } = [];
}

/// <summary>The proxies in front of the server, whose word on the client's address and scheme is taken. Section <c>Proxy</c>.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>Addresses. With no proxy and no network the forwarded headers are passed over.</summary>
    public IReadOnlyList<string> Known { get; set; } = [];

    /// <summary><c>10.0.0.0/8</c>.</summary>
    public IReadOnlyList<string> KnownNetworks { get; set; } = [];
}
