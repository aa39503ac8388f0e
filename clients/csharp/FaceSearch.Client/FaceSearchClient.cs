using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceSearch.Client;

/// <summary>The calls of a FaceSearch server. Thread-safe; keep one, as its HTTP client keeps the connections.</summary>
public partial class FaceSearchClient
{
    /// <param name="server">Where the server is: <c>http://localhost:8000</c>.</param>
    /// <param name="apiKey">Sent with every call; null for a server in Development.</param>
    /// <param name="handler">Another way of sending than the usual one: with retries, through a proxy.</param>
    public static FaceSearchClient Connect(Uri server, string? apiKey, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        var address = server.AbsoluteUri.EndsWith('/') ? server : new Uri($"{server.AbsoluteUri}/");

        // A bulk enrolment may take hours; a caller that wants less gives a CancellationToken.
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
    /// A merge patch takes away what is null, so what nobody has set must not be sent. The generated code has words for
    /// single enums only, not for lists of them.
    /// </summary>
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
    {
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        settings.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}
