using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceSearch.Client;

/// <summary>The calls of a FaceSearch server. Thread-safe; reuse one instance, because its HTTP client pools connections.</summary>
public partial class FaceSearchClient
{
    /// <param name="server">The server's URL: <c>http://localhost:8000</c>.</param>
    /// <param name="apiKey">Sent with every call; null for a server in Development.</param>
    /// <param name="handler">Replaces the default handler, for example for retries or a proxy.</param>
    public static FaceSearchClient Connect(Uri server, string? apiKey, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        var address = server.AbsoluteUri.EndsWith('/') ? server : new Uri($"{server.AbsoluteUri}/");

        // A bulk enrolment may take hours; callers pass a CancellationToken for a shorter timeout.
        var http = new HttpClient(handler ?? new SocketsHttpHandler())
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (apiKey is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return new FaceSearchClient(http);
    }

    /// <summary>
    /// A merge patch sets null properties to null, so properties that the caller has not set must not be sent. The generated
    /// code converts single enums to strings, but not lists of enums.
    /// </summary>
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
    {
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        settings.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}
